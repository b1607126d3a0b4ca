namespace Robotics.Transport;

/// <summary>Learner: a piece of a policy bundle.</summary>
public readonly ref struct PolicyChunkMessage
{
    /// <summary>Bytes of a frame before the piece itself.</summary>
    public const int HeaderLength = LinkFrame.HeaderLength + PolicyAnnounceMessage.HashLength + sizeof(uint);

    /// <summary>SHA-256 of the whole bundle.</summary>
    public ReadOnlySpan<byte> Hash { get; init; }

    /// <summary>Place of the first byte in the bundle.</summary>
    public uint Offset { get; init; }

    /// <summary>The bytes: as many as a chunk has, or the rest.</summary>
    public ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>Writes the frame.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, uint session)
    {
        var w = new LinkWriter(buffer, LinkKind.PolicyChunk, session);
        w.Bytes(Hash);
        w.U32(Offset);
        w.Bytes(Bytes);
        return w.Finish();
    }

    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out PolicyChunkMessage message)
    {
        var r = new LinkReader(body);
        message = new PolicyChunkMessage { Hash = r.Bytes(PolicyAnnounceMessage.HashLength), Offset = r.U32(), Bytes = r.Rest() };
        return !r.Failed && message.Bytes.Length is > 0 and <= LinkLimits.PolicyChunkBytes;
    }
}
