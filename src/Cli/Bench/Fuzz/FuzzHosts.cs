using Robotics.Experience;
using Robotics.Learner;
using Robotics.Runtime;
using Robotics.Transport;

namespace Robotics.Cli.Bench;

/// <summary>Decoders inside what carries them: a learner, an edge, a spool's reader. Whatever arrives, they go on.</summary>
internal sealed class FuzzHosts : ITransitionSink, IDisposable
{
    private const int RecordsInFrame = 3;
    private static readonly SpoolStream Stream = new(7, 1);

    private readonly List<IDisposable> _owned = [];
    private readonly string _folder;
    private long _ingested;
    private long _nowNs;

    /// <summary>Hosts that keep their files below <paramref name="folder"/>: a memory file system, or the disk will be what is measured.</summary>
    public FuzzHosts(string folder) => _folder = folder;

    /// <summary>All of them.</summary>
    public IReadOnlyList<FuzzTarget> All() => [Learner(), Edge("edge link: acknowledgements", s => new ProgressMessage(1, 2, 3).Write(new byte[64], s).ToArray()),
        Edge("edge link: announcements", s => new PolicyAnnounceMessage { Size = 5, Hash = new byte[32] }.Write(new byte[128], s).ToArray()), SegmentFile()];

    /// <inheritdoc/>
    public void Ingest(TransitionSchema schema, in TransitionHeader header, ReadOnlySpan<byte> record) => _ingested++;

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int i = _owned.Count - 1; i >= 0; i--)
            _owned[i].Dispose();
    }

    private FuzzTarget Learner()
    {
        var link = Own(new MemoryLink());
        var store = Own(new ExperienceStore(Path.Combine(_folder, "store")));
        var learner = new LearnerEndpoint(link.Learner, store, this, new LearnerEndpointOptions { Schema = FuzzTargets.Schema });
        IEdgeChannel hostile = Own(link.Connect());
        hostile.TrySend(Hello());
        learner.Poll(0);
        uint session = SessionOf(hostile);
        return new FuzzTarget("learner endpoint: data frames", FuzzBodies.Data(session), bytes =>
        {
            long before = _ingested + learner.Counters.Repeated;
            hostile.TrySend(bytes);
            learner.Poll(++_nowNs);
            while (hostile.TryReceive(out _))
            {
            }
            return _ingested + learner.Counters.Repeated > before;
        }, BytesEach: 4096)
        {
            Trouble = () => _ingested <= RecordsInFrame && learner.Sessions == 1 ? "" : $"the learner has {learner.Sessions} sessions and ingested {_ingested} records of {RecordsInFrame}",
        };
    }

    private FuzzTarget Edge(string name, Func<uint, byte[]> frame)
    {
        var link = Own(new MemoryLink());
        IEdgeChannel channel = Own(link.Connect());
        var spool = Own(SpoolWriter.Open(Path.Combine(_folder, name[^8..]), Stream, FuzzTargets.Schema, new SpoolOptions()));
        spool.Append(FuzzTargets.Records(1));
        spool.Flush();
        var edge = Own(new EdgeLink(spool, channel));
        var buffer = new byte[256];
        PeerAddress peer = default;
        Welcome();
        return new FuzzTarget(name, frame(1), bytes =>
        {
            long before = edge.Counters.BadFrames;
            link.Learner.TrySend(peer, bytes);
            edge.Pump(++_nowNs);
            Answer();
            return edge.Counters.BadFrames == before;
        }, BytesEach: 4096)
        {
            Trouble = () => edge.Acknowledged <= 3 || edge.State == EdgeLinkState.Connected ? "" : $"the edge is {edge.State}: {edge.Trouble}",
        };

        // A mutated refusal may end the session: the edge greets anew, and is welcomed.
        void Answer()
        {
            while (link.Learner.TryReceive(out PeerAddress from, out _, out ReadOnlySpan<byte> sent))
            {
                peer = from;
                if (LinkFrame.TryRead(sent, out LinkFrame hello) == FrameStatus.Ok && HelloMessage.TryRead(hello.Body, out HelloMessage message))
                    link.Learner.TrySend(from, new WelcomeMessage(message.Nonce, message.Boot, 0, 0, ulong.MaxValue, 1, 1).Write(buffer, 1));
            }
        }

        void Welcome()
        {
            edge.Pump(++_nowNs);
            Answer();
            edge.Pump(++_nowNs);
            if (edge.State != EdgeLinkState.Connected)
                throw new InvalidOperationException($"the edge is {edge.State}, not connected: {edge.Trouble}");
        }
    }

    // The file itself, changed in a memory file system: scanned as at a start, read as by a link, each half of the time with all checksums put right.
    private FuzzTarget SegmentFile()
    {
        string root = Path.Combine(_folder, "segment");
        using (SpoolWriter writer = SpoolWriter.Open(root, Stream, FuzzTargets.Schema, new SpoolOptions()))
        {
            for (ulong sequence = 1; sequence <= RecordsInFrame; sequence++)
            {
                var bytes = new byte[FuzzTargets.Schema.FinalRecordLength];
                writer.Append(bytes.AsSpan(0, TransitionCodec.Encode(FuzzTargets.Record(sequence), bytes)));
            }
        }
        string path = Experience.SegmentFile.List(Stream.PathIn(root))[0].Path;
        var file = Own(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
        var reader = Own(SpoolReader.Open(root, Stream, FuzzTargets.Schema));
        byte[] valid = File.ReadAllBytes(path);
        var copy = new byte[valid.Length + Mutation.Room];
        return new FuzzTarget("spool segment file", valid, bytes =>
        {
            bytes.CopyTo(copy);
            if (bytes.Length > 0 && (bytes[^1] & 1) == 0)
                Checksums.PutRight(copy.AsSpan(0, bytes.Length), valid.Length - (RecordsInFrame * FuzzTargets.Schema.RecordLength), FuzzTargets.Schema.RecordLength);
            RandomAccess.SetLength(file, bytes.Length);
            RandomAccess.Write(file, copy.AsSpan(0, bytes.Length), 0);
            SegmentScan scan = SegmentScan.Of(path);
            long read = ReadAll(reader);
            return scan.Records <= RecordsInFrame + 1 && scan.ValidBytes <= bytes.Length ? scan.Records + read > 0 : throw new InvalidDataException($"{scan.Records} records in {bytes.Length} bytes");
        }, BytesEach: 16_384, HasChecksum: false);
    }

    private static long ReadAll(SpoolReader reader)
    {
        reader.Seek(ulong.MaxValue);
        reader.Seek(0);
        ulong last = 0;
        long count = 0;
        for (; reader.TryRead(out _, out TransitionHeader header); count++)
        {
            if (header.Sequence <= last)
                throw new InvalidDataException($"sequence {header.Sequence} after {last}");
            last = header.Sequence;
        }
        return count;
    }

    private static ReadOnlySpan<byte> Hello() => new HelloMessage
    {
        Robot = 7,
        Boot = 1,
        Nonce = 1,
        Schema = FuzzTargets.Schema.Description,
        SchemaHash = FuzzTargets.Schema.Hash,
    }.Write(new byte[2048]);

    private static uint SessionOf(IEdgeChannel edge) =>
        edge.TryReceive(out ReadOnlySpan<byte> bytes) && LinkFrame.TryRead(bytes, out LinkFrame frame) == FrameStatus.Ok
            ? frame.Session : throw new InvalidOperationException("the learner did not welcome a good hello");

    private T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Add(part);
        return part;
    }
}
