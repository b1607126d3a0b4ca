using Robotics.Core;
using Robotics.Experience;
using Robotics.Learner;
using Robotics.Policies;
using Robotics.Runtime;

namespace Robotics.Transport.Tests;

/// <summary>A million mutated frames per decoder: no exception, no hang, nothing allocated that a frame asked for.</summary>
[Trait("Category", "Property")]
public sealed class FuzzTests
{
    private const int Frames = 1_000_000;

    // A bundle is parsed as JSON and hashed, 30 us each: a tenth here, the whole million with ROBOTICS_FUZZ_FRAMES=1000000 (docs/benchmarks.md).
    private static readonly int SlowFrames = int.Parse(Environment.GetEnvironmentVariable("ROBOTICS_FUZZ_FRAMES") ?? "100000");

    [Fact]
    public void Transition_MillionMutations_NeverThrowsNorAllocates()
    {
        var record = new TransitionRecord(LinkRig.Schema) { Identity = new TransitionIdentity(7, 1, 1), Flags = TransitionFlags.Truncated | TransitionFlags.HasFinal };
        var valid = new byte[LinkRig.Schema.FinalRecordLength];
        TransitionCodec.Encode(record, valid);
        Run("transition", valid, bytes =>
        {
            DecodeStatus status = TransitionCodec.TryDecode(bytes, record, out int length);
            Assert.True(status == DecodeStatus.Ok ? length <= bytes.Length : length == 0);
        });
    }

    [Fact]
    public void Envelope_MillionMutations_NeverThrowsNorAllocates()
    {
        var buffer = new byte[512];
        byte[] valid = new ProgressMessage(1, 2, 3).Write(buffer, 9).ToArray();
        Run("envelope", valid, bytes => LinkFrame.TryRead(bytes, out _));
    }

    [Fact]
    public void Bodies_MillionMutationsOfEachMessage_NeverThrowNorAllocate()
    {
        var buffer = new byte[2048];
        var hash = new byte[32];
        byte[][] valid =
        [
            new HelloMessage { Robot = 7, Boot = 1, Nonce = 1, Schema = LinkRig.Schema.Description, SchemaHash = LinkRig.Schema.Hash }.Write(buffer).ToArray(),
            new WelcomeMessage(1, 1, 2, 2, 3, 4, 5).Write(buffer, 1).ToArray(),
            new RefuseMessage { Text = "no"u8 }.Write(buffer, 1).ToArray(),
            new ProgressMessage(1, 2, 3).Write(buffer, 1).ToArray(),
            new PolicyAnnounceMessage { Size = 5, Hash = hash }.Write(buffer, 1).ToArray(),
            new PolicyRequestMessage { Hash = hash }.Write(buffer, 1).ToArray(),
            new PolicyChunkMessage { Hash = hash, Bytes = [1, 2, 3] }.Write(buffer, 1).ToArray(),
            new HeartbeatMessage(1, 2, default).Write(buffer, 1).ToArray(),
        ];
        foreach (byte[] frame in valid)
            Run($"message {frame[6]}", frame, ReadBody);
    }

    [Fact]
    public void Schema_MillionMutations_IsNeverBeyondItsLimits() =>
        Run("schema", LinkRig.Schema.Description.ToArray(), bytes =>
        {
            if (TransitionSchema.TryParse(bytes, out TransitionSchema? schema))
                Assert.True(schema!.FinalRecordLength <= TransitionCodec.MaxRecordLength);
        }, mayAllocate: true);

    [Fact]
    public void SegmentHeader_MillionMutations_NeverThrows()
    {
        byte[] valid = new SegmentHeader(new SpoolStream(7, 1), 1, 0, LinkRig.Schema, default).ToBytes();
        Run("segment header", valid, bytes => SegmentHeader.TryRead(bytes, out _), mayAllocate: true);
    }

    [Fact]
    public void MessagePack_MillionMutations_NeverThrowsNorAllocates()
    {
        var record = new TransitionRecord(LinkRig.Schema) { Identity = new TransitionIdentity(7, 1, 1), Flags = TransitionFlags.Truncated | TransitionFlags.HasFinal };
        var valid = new byte[TransitionMessagePack.MaxLength(LinkRig.Schema)];
        valid = valid[..TransitionMessagePack.Encode(record, valid)];
        Run("message pack", valid, bytes =>
        {
            TransitionMessagePack.TryDecode(bytes, record, out int length);
            var reader = new MessagePackReader(bytes);
            reader.Skip();
            Assert.True(length <= bytes.Length && reader.Consumed <= bytes.Length);
        });
    }

    [Fact]
    public void SegmentRecords_MillionMutations_AreWalkedToTheFirstThatIsNone()
    {
        var record = new TransitionRecord(LinkRig.Schema);
        var valid = new byte[3 * LinkRig.Schema.RecordLength];
        for (int i = 0; i < 3; i++)
        {
            record.Identity = new TransitionIdentity(7, 1, (ulong)i + 1);
            TransitionCodec.Encode(record, valid.AsSpan(i * LinkRig.Schema.RecordLength));
        }
        Run("segment", valid, bytes =>
        {
            while (TransitionCodec.TryPeek(bytes, LinkRig.Schema, out TransitionHeader header) == DecodeStatus.Ok)
                bytes = bytes[header.Length..]; // beyond the end this would throw
        });
    }

    [Fact]
    public void Mcap_MillionMutations_AreReadToAnEndInBoundedMemory()
    {
        var record = new TransitionRecord(LinkRig.Schema) { Identity = new TransitionIdentity(7, 1, 1) };
        using var file = new MemoryStream();
        using (var writer = new McapWriter(file, LinkRig.Schema))
            writer.Write(record);
        byte[] valid = file.ToArray();
        using var stream = new MemoryStream(new byte[valid.Length + 64]);
        Run("mcap", valid, bytes =>
        {
            stream.SetLength(bytes.Length);
            stream.Position = 0;
            stream.Write(bytes);
            stream.Position = 0;
            var reader = new McapReader(stream);
            int messages = 0;
            while (reader.TryRead(out McapMessage message) == McapStatus.Ok)
                messages += message.Data.Length >= 0 ? 1 : 0;
            Assert.InRange(messages, 0, bytes.Length);
        }, mayAllocate: true, bytesEach: 64 * 1024);
    }

    [Fact]
    public void Bundle_ManyMutations_AreRefusedOrWhole()
    {
        NetworkSpec network = NetworkSpec.Mlp([3, 4, 2], Activation.Tanh, Activation.Tanh);
        byte[] valid = PolicyBundleWriter.Write(
            new PolicyManifest { Name = "fuzz", Identity = new PolicyIdentity(1, 1, 1, 0), SchemaHash = 1, PolicyRateHz = 100, Network = network }, new float[network.ParameterCount]);
        Assert.True(PolicyBundle.TryRead(valid, out _, out BundleRefusal none), none.ToString());
        long whole = 0;
        Run("bundle", valid, bytes =>
        {
            // Half of them with the digest put right, so that what lies behind it is reached.
            if (bytes.Length > 36 && (bytes[^1] & 1) == 0)
                System.Security.Cryptography.SHA256.HashData(bytes[..^36], System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(bytes[^36..]), 32));
            whole += PolicyBundle.TryRead(bytes, out _, out _) ? 1 : 0;
        }, mayAllocate: true, bytesEach: 64 * 1024, frames: SlowFrames);
        Assert.InRange(whole, 1, SlowFrames - 1);
    }

    [Fact]
    public void SegmentFile_ThousandsOfMutations_AreScannedAndReadToTheEnd()
    {
        using var rig = new LinkRig();
        rig.StartEdge(boot: 1);
        rig.Record(20);
        rig.Spool.Commit();
        string path = SegmentFile.List(rig.Spool.Folder)[0].Path;
        byte[] valid = File.ReadAllBytes(path);
        var target = new byte[valid.Length + 64];
        var random = new SeededRandom(1, "segment file");
        for (int i = 0; i < 3000; i++)
        {
            Span<byte> bytes = Mutation.Of(random, valid, target, repairChecksum: false);
            using (Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
                RandomAccess.Write(file, bytes, 0);
            Assert.InRange(SegmentScan.Of(path).Records, 0, 20);
            using SpoolReader reader = SpoolReader.Open(rig.SpoolRoot, new SpoolStream(LinkRig.Robot, 1), LinkRig.Schema);
            ulong last = 0;
            while (reader.TryRead(out _, out TransitionHeader header))
            {
                Assert.True(header.Sequence > last);
                last = header.Sequence;
            }
        }
    }

    // The learner itself: whatever arrives, it goes on, and a good peer is served afterwards.
    [Fact]
    public void Endpoint_MillionMutatedDataFrames_StaysAliveAndStoresOnlyWhatIsValid()
    {
        using var rig = new LinkRig();
        string root = Path.Combine(Directory.CreateTempSubdirectory("robotics-").FullName, "store");
        using var link = new MemoryLink();
        using (var store = new ExperienceStore(root))
        {
            var learner = new LearnerEndpoint(link.Learner, store, rig, new LearnerEndpointOptions { Schema = LinkRig.Schema });
            using IEdgeChannel hostile = link.Connect();
            byte[] valid = Greet(hostile, learner);
            var random = new SeededRandom(1, "endpoint");
            var target = new byte[valid.Length + 64];
            for (int i = 0; i < Frames; i++)
            {
                hostile.TrySend(Mutation.Of(random, valid, target, repairChecksum: true));
                learner.Poll(i);
                while (hostile.TryReceive(out _))
                {
                }
            }
            Assert.True(learner.Counters.BadFrames > Frames / 4);
            Assert.InRange(rig.Ingested.Count, 0, 3);
            Assert.Equal(1, learner.Sessions);
        }
        Directory.Delete(Path.GetDirectoryName(root)!, recursive: true);
    }

    private static byte[] Greet(IEdgeChannel edge, LearnerEndpoint learner)
    {
        var buffer = new byte[4096];
        edge.TrySend(new HelloMessage { Robot = 7, Boot = 1, Nonce = 1, Schema = LinkRig.Schema.Description, SchemaHash = LinkRig.Schema.Hash }.Write(buffer));
        learner.Poll(0);
        Assert.True(edge.TryReceive(out ReadOnlySpan<byte> bytes));
        LinkFrame.TryRead(bytes, out LinkFrame frame);
        var record = new TransitionRecord(LinkRig.Schema);
        int length = 0;
        for (ulong sequence = 1; sequence <= 3; sequence++)
        {
            record.Identity = new TransitionIdentity(7, 1, sequence);
            length += TransitionCodec.Encode(record, buffer.AsSpan(DataMessage.HeaderLength + length));
        }
        return DataMessage.Finish(buffer, frame.Session, 0, 3, length).ToArray();
    }

    private static void ReadBody(ReadOnlySpan<byte> bytes)
    {
        if (LinkFrame.TryRead(bytes, out LinkFrame frame) != FrameStatus.Ok)
            return;
        switch (frame.Kind)
        {
            case LinkKind.Hello:
                HelloMessage.TryRead(frame.Body, out _);
                break;
            case LinkKind.Welcome:
                WelcomeMessage.TryRead(frame.Body, out _);
                break;
            case LinkKind.Refuse:
                RefuseMessage.TryRead(frame.Body, out _);
                break;
            case LinkKind.Data:
                DataMessage.TryRead(frame.Body, out _);
                break;
            case LinkKind.Progress:
                ProgressMessage.TryRead(frame.Body, out _);
                break;
            case LinkKind.Resend:
                ResendMessage.TryRead(frame.Body, out _);
                break;
            case LinkKind.PolicyAnnounce:
                PolicyAnnounceMessage.TryRead(frame.Body, out _);
                break;
            case LinkKind.PolicyRequest:
                PolicyRequestMessage.TryRead(frame.Body, out _);
                break;
            case LinkKind.PolicyChunk:
                PolicyChunkMessage.TryRead(frame.Body, out _);
                break;
            default:
                HeartbeatMessage.TryRead(frame.Body, out _);
                break;
        }
    }

    private delegate void Decode(ReadOnlySpan<byte> bytes);

    private static void Run(string purpose, byte[] valid, Decode decode, bool mayAllocate = false, long bytesEach = 2048, int frames = Frames)
    {
        var random = new SeededRandom(1, purpose);
        var target = new byte[valid.Length + 64];
        decode(valid);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < frames; i++)
            decode(Mutation.Of(random, valid, target, repairChecksum: true));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, mayAllocate ? bytesEach * frames : 4096);
    }
}
