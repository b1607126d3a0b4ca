using System.Security.Cryptography;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Policies;
using Robotics.Transport;

namespace Robotics.Cli.Bench;

/// <summary>Every decoder that bytes from disks, networks and peers reach on the experience path.</summary>
internal static class FuzzTargets
{
    /// <summary>Shape of the records: each part is there, and short.</summary>
    public static TransitionSchema Schema { get; } = new("fuzz", 1, 3, 2, 2, 4, 5);

    /// <summary>Decoders that are functions of their bytes alone.</summary>
    public static IReadOnlyList<FuzzTarget> Pure() =>
    [
        Transition(), Envelope(), .. FuzzBodies.All(), SchemaDescription(), SegmentHead(), SegmentRecords(), MessagePackRecord(), MessagePackValues(), Mcap(), Bundle(),
    ];

    /// <summary>A record of <see cref="Schema"/>.</summary>
    public static TransitionRecord Record(ulong sequence, bool last = false) => new(Schema)
    {
        Identity = new TransitionIdentity(7, 1, sequence),
        Flags = last ? TransitionFlags.Truncated | TransitionFlags.HasFinal : TransitionFlags.None,
    };

    /// <summary>The bytes of <paramref name="count"/> records, sequence 1 and on, the last one ending its episode.</summary>
    public static byte[] Records(int count)
    {
        var bytes = new byte[count * Schema.FinalRecordLength];
        int length = 0;
        for (int i = 1; i <= count; i++)
            length += TransitionCodec.Encode(Record((ulong)i, last: i == count), bytes.AsSpan(length));
        return bytes[..length];
    }

    private static FuzzTarget Transition()
    {
        var record = new TransitionRecord(Schema);
        return new FuzzTarget("transition", Records(1), bytes =>
        {
            bool ok = TransitionCodec.TryDecode(bytes, record, out int length) == DecodeStatus.Ok;
            return Bounded(ok, length, bytes.Length);
        });
    }

    private static FuzzTarget Envelope() =>
        new("envelope", new ProgressMessage(1, 2, 3).Write(new byte[512], 9).ToArray(), bytes => LinkFrame.TryRead(bytes, out _) == FrameStatus.Ok);

    private static FuzzTarget SchemaDescription() => new("schema description", Schema.Description.ToArray(), bytes =>
    {
        bool ok = TransitionSchema.TryParse(bytes, out TransitionSchema? schema);
        return Bounded(ok, schema?.FinalRecordLength ?? 0, TransitionCodec.MaxRecordLength);
    }, BytesEach: 2048, HasChecksum: false);

    private static FuzzTarget SegmentHead() => new(
        "spool segment header", new SegmentHeader(new SpoolStream(7, 1), 1, 0, Schema, default).ToBytes(),
        bytes => SegmentHeader.TryRead(bytes, out _) == DecodeStatus.Ok, BytesEach: 2048);

    private static FuzzTarget SegmentRecords() => new("spool segment records", Records(3), bytes =>
    {
        int records = 0;
        for (; TransitionCodec.TryPeek(bytes, Schema, out TransitionHeader header) == DecodeStatus.Ok; records++)
            bytes = bytes[header.Length..]; // beyond the end this would throw
        return records > 0;
    });

    private static FuzzTarget MessagePackRecord()
    {
        var record = new TransitionRecord(Schema);
        var valid = new byte[TransitionMessagePack.MaxLength(Schema)];
        return new FuzzTarget("MessagePack transition", valid[..TransitionMessagePack.Encode(Record(1, last: true), valid)], bytes =>
        {
            bool ok = TransitionMessagePack.TryDecode(bytes, record, out int length) == DecodeStatus.Ok;
            return Bounded(ok, length, bytes.Length);
        }, HasChecksum: false);
    }

    private static FuzzTarget MessagePackValues()
    {
        var valid = new byte[TransitionMessagePack.MaxLength(Schema)];
        return new FuzzTarget("MessagePack values", valid[..TransitionMessagePack.Encode(Record(1, last: true), valid)], bytes =>
        {
            var reader = new MessagePackReader(bytes);
            reader.Skip();
            return Bounded(!reader.Failed, reader.Consumed, bytes.Length);
        }, HasChecksum: false);
    }

    private static FuzzTarget Mcap()
    {
        using var file = new MemoryStream();
        using (var writer = new McapWriter(file, Schema))
            writer.Write(Record(1));
        byte[] valid = file.ToArray();
        var stream = new MemoryStream(new byte[valid.Length + Mutation.Room]);
        return new FuzzTarget("MCAP reader", valid, bytes =>
        {
            stream.SetLength(bytes.Length);
            stream.Position = 0;
            stream.Write(bytes);
            stream.Position = 0;
            var reader = new McapReader(stream);
            int messages = 0;
            while (reader.TryRead(out _) == McapStatus.Ok)
                messages++;
            return Bounded(messages > 0, messages, bytes.Length);
        }, BytesEach: 65_536, HasChecksum: false);
    }

    // Every second one gets its digest put right, so that what lies behind it is reached.
    private static FuzzTarget Bundle()
    {
        NetworkSpec network = NetworkSpec.Mlp([3, 4, 2], Activation.Tanh, Activation.Tanh);
        var manifest = new PolicyManifest { Name = "fuzz", Identity = new PolicyIdentity(1, 1, 1, 0), SchemaHash = 1, PolicyRateHz = 100, Network = network };
        byte[] valid = PolicyBundleWriter.Write(manifest, new float[network.ParameterCount]);
        var copy = new byte[valid.Length + Mutation.Room];
        return new FuzzTarget("policy bundle", valid, bytes =>
        {
            const int trailer = 36; // SHA-256 and the length of no signature
            bytes.CopyTo(copy);
            if (bytes.Length > trailer && (bytes[^1] & 1) == 0)
                SHA256.HashData(bytes[..^trailer], copy.AsSpan(bytes.Length - trailer, 32));
            return PolicyBundle.TryRead(copy.AsSpan(0, bytes.Length), out _, out _);
        }, BytesEach: 65_536, HasChecksum: false);
    }

    private static bool Bounded(bool ok, long value, long limit) =>
        value >= 0 && value <= limit ? ok : throw new InvalidDataException($"{value} is beyond the limit {limit}");
}
