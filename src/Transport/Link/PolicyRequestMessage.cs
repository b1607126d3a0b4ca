namespace Robotics.Transport;

/// <summary>Edge: send me the piece of this bundle that starts at an offset.</summary>
public readonly ref struct PolicyRequestMessage
{
    /// <summary>SHA-256 of the bundle, from the announcement.</summary>
    public ReadOnlySpan<byte> Hash { get; init; }

    /// <summary>First byte wanted.</summary>
    public uint Offset { get; init; }

    /// <summary>Writes the frame.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, uint session)
    {
        var w = new LinkWriter(buffer, LinkKind.PolicyRequest, session);
        w.Bytes(Hash);
        w.U32(Offset);
        return w.Finish();
    }

    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out PolicyRequestMessage message)
    {
        var r = new LinkReader(body);
        message = new PolicyRequestMessage { Hash = r.Bytes(PolicyAnnounceMessage.HashLength), Offset = r.U32() };
        return r.IsWhole;
    }
}
