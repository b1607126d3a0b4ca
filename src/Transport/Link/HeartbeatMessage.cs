namespace Robotics.Transport;

/// <summary>Edge: still here. The learner repeats it as <see cref="LinkKind.HeartbeatReply"/>, so that the edge can measure the round trip on its own clock.</summary>
/// <param name="TimeNs">The edge's clock when it was sent; means nothing to the learner.</param>
/// <param name="Recorded">Greatest sequence recorded on the edge.</param>
/// <param name="Installed">The policy installed on the edge.</param>
public readonly record struct HeartbeatMessage(long TimeNs, ulong Recorded, PolicyStamp Installed)
{
    /// <summary>Writes the frame.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, uint session, LinkKind kind = LinkKind.Heartbeat)
    {
        var w = new LinkWriter(buffer, kind, session);
        w.U64((ulong)TimeNs);
        w.U64(Recorded);
        w.Stamp(Installed);
        return w.Finish();
    }

    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out HeartbeatMessage message)
    {
        var r = new LinkReader(body);
        message = new HeartbeatMessage((long)r.U64(), r.U64(), r.Stamp());
        return r.IsWhole;
    }
}
