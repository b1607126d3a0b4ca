namespace Robotics.Transport;

/// <summary>Edge: records, one after the other, each with its own length and checksum; the frame's covers only what is before them.</summary>
public readonly ref struct DataMessage
{
    /// <summary>Bytes before the first record in a data frame.</summary>
    public const int HeaderLength = LinkFrame.HeaderLength + 12;

    /// <summary>Sequence before the first record: the learner takes the frame only if it has everything up to here.</summary>
    public ulong Previous { get; init; }

    /// <summary>Number of records.</summary>
    public uint Count { get; init; }

    /// <summary>The records.</summary>
    public ReadOnlySpan<byte> Records { get; init; }

    /// <summary>Closes a frame whose records already lie in <paramref name="buffer"/> from <see cref="HeaderLength"/> on: no second copy.</summary>
    public static ReadOnlySpan<byte> Finish(Span<byte> buffer, uint session, ulong previous, uint count, int recordBytes)
    {
        var w = new LinkWriter(buffer, LinkKind.Data, session);
        w.U64(previous);
        w.U32(count);
        w.InPlace(recordBytes);
        return w.Finish();
    }

    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out DataMessage message)
    {
        var r = new LinkReader(body);
        message = new DataMessage { Previous = r.U64(), Count = r.U32(), Records = r.Rest() };
        return !r.Failed;
    }
}
