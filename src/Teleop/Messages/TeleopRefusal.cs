namespace Robotics.Teleop;

/// <summary>Agent: the session may not send motion.</summary>
/// <param name="Reason">Why, in words for a person: what was found, what is expected.</param>
public sealed record TeleopRefusal(string Reason)
{
    private const int MaxReasonBytes = 200;

    /// <summary>Writes the message; returns its bytes.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, ulong session)
    {
        TeleopWriter w = TeleopMessage.Begin(buffer, TeleopKind.Refuse, session);
        w.Text(Reason, MaxReasonBytes);
        return buffer[..w.Length];
    }

    /// <summary>Reads a message whose head was judged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out TeleopRefusal? refusal)
    {
        var r = new TeleopReader(message[TeleopMessage.HeaderBytes..]);
        refusal = new TeleopRefusal(r.Text(MaxReasonBytes));
        return r.IsWhole;
    }
}
