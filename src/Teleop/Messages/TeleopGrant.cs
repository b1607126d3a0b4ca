namespace Robotics.Teleop;

/// <summary>Agent: the session may send motion, and what binds it.</summary>
/// <param name="Nonce">Drawn by this start of the agent for this session: a frame recorded at another time does not know it.</param>
/// <param name="LeaseMs">How long one frame holds.</param>
/// <param name="Priority">Of this person among all; the higher one wins.</param>
/// <param name="Robot">Name of the robot.</param>
public sealed record TeleopGrant(ulong Nonce, ushort LeaseMs, byte Priority, string Robot)
{
    /// <summary>Writes the message; returns its bytes.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, ulong session)
    {
        TeleopWriter w = TeleopMessage.Begin(buffer, TeleopKind.Grant, session);
        w.U64(Nonce);
        w.U16(LeaseMs);
        w.U8(Priority);
        w.Text(Robot, 2 * TeleopMessage.MaxNameBytes);
        return buffer[..w.Length];
    }

    /// <summary>Reads a message whose head was judged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out TeleopGrant? grant)
    {
        var r = new TeleopReader(message[TeleopMessage.HeaderBytes..]);
        grant = new TeleopGrant(r.U64(), r.U16(), r.U8(), r.Text(2 * TeleopMessage.MaxNameBytes));
        return r.IsWhole;
    }
}
