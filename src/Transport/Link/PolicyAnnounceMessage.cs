namespace Robotics.Transport;

/// <summary>Learner: this is the newest policy.</summary>
public readonly ref struct PolicyAnnounceMessage
{
    /// <summary>Bytes of a SHA-256.</summary>
    public const int HashLength = 32;

    /// <summary>Which policy.</summary>
    public PolicyStamp Stamp { get; init; }

    /// <summary>Bytes of its bundle.</summary>
    public uint Size { get; init; }

    /// <summary>SHA-256 of the bundle's bytes: names them in requests and proves them whole.</summary>
    public ReadOnlySpan<byte> Hash { get; init; }

    /// <summary>Writes the frame.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, uint session)
    {
        var w = new LinkWriter(buffer, LinkKind.PolicyAnnounce, session);
        w.Stamp(Stamp);
        w.U32(Size);
        w.Bytes(Hash);
        return w.Finish();
    }

    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out PolicyAnnounceMessage message)
    {
        var r = new LinkReader(body);
        message = new PolicyAnnounceMessage { Stamp = r.Stamp(), Size = r.U32(), Hash = r.Bytes(HashLength) };
        return r.IsWhole && message.Size is > 0 and <= LinkLimits.MaxPolicyBytes;
    }
}
