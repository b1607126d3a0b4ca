namespace Robotics.Transport;

/// <summary>Learner: something between was lost; send again what follows <paramref name="After"/>.</summary>
/// <param name="After">Greatest sequence the learner has.</param>
public readonly record struct ResendMessage(ulong After)
{
    /// <summary>Writes the frame.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, uint session)
    {
        var w = new LinkWriter(buffer, LinkKind.Resend, session);
        w.U64(After);
        return w.Finish();
    }

    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ResendMessage message)
    {
        var r = new LinkReader(body);
        message = new ResendMessage(r.U64());
        return r.IsWhole;
    }
}
