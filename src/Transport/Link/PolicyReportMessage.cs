namespace Robotics.Transport;

/// <summary>Edge: this policy was refused or given up, and why.</summary>
public readonly ref struct PolicyReportMessage
{
    /// <summary>Which policy.</summary>
    public PolicyStamp Stamp { get; init; }

    /// <summary>The failed check, as docs/formats/bundle.md numbers them.</summary>
    public ushort Check { get; init; }

    /// <summary>Check, value and limit for people: one line of UTF-8.</summary>
    public ReadOnlySpan<byte> Text { get; init; }

    /// <summary>Writes the frame; a text beyond the limit is cut.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, uint session)
    {
        ReadOnlySpan<byte> text = Text[..Math.Min(Text.Length, LinkLimits.MaxReasonBytes)];
        var w = new LinkWriter(buffer, LinkKind.PolicyReport, session);
        w.Stamp(Stamp);
        w.U16(Check);
        w.U16((ushort)text.Length);
        w.Bytes(text);
        return w.Finish();
    }

    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out PolicyReportMessage message)
    {
        var r = new LinkReader(body);
        message = new PolicyReportMessage { Stamp = r.Stamp(), Check = r.U16(), Text = r.Bytes(r.U16()) };
        return r.IsWhole && message.Text.Length <= LinkLimits.MaxReasonBytes;
    }
}
