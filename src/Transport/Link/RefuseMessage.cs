namespace Robotics.Transport;

/// <summary>Learner: no, and why.</summary>
public readonly ref struct RefuseMessage
{
    /// <summary>The hello's; 0 where no hello is answered.</summary>
    public ulong Nonce { get; init; }

    /// <summary>Why, for programs.</summary>
    public LinkRefusal Reason { get; init; }

    /// <summary>Why, for people: one line of UTF-8.</summary>
    public ReadOnlySpan<byte> Text { get; init; }

    /// <summary>Writes the frame; a text beyond the limit is cut.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, uint session)
    {
        ReadOnlySpan<byte> text = Text[..Math.Min(Text.Length, LinkLimits.MaxReasonBytes)];
        var w = new LinkWriter(buffer, LinkKind.Refuse, session);
        w.U64(Nonce);
        w.U16((ushort)Reason);
        w.U16((ushort)text.Length);
        w.Bytes(text);
        return w.Finish();
    }

    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out RefuseMessage message)
    {
        var r = new LinkReader(body);
        message = new RefuseMessage { Nonce = r.U64(), Reason = (LinkRefusal)r.U16(), Text = r.Bytes(r.U16()) };
        return r.IsWhole && message.Text.Length <= LinkLimits.MaxReasonBytes;
    }
}
