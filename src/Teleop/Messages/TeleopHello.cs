namespace Robotics.Teleop;

/// <summary>Node: who sits there, with which device, and which motions its mapping gives.</summary>
/// <param name="Operator">The person's name. Counts only on a link without keys; with keys the key says who it is.</param>
/// <param name="Device">Kind of device, for people.</param>
/// <param name="Motions">Names of the motions in the order of every frame.</param>
public sealed record TeleopHello(string Operator, string Device, IReadOnlyList<string> Motions)
{
    /// <summary>Writes the message; returns its bytes.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, ulong session)
    {
        TeleopWriter w = TeleopMessage.Begin(buffer, TeleopKind.Hello, session);
        w.Text(Operator, TeleopMessage.MaxNameBytes);
        w.Text(Device, TeleopMessage.MaxNameBytes);
        w.U8((byte)Motions.Count);
        foreach (string motion in Motions)
            w.Text(motion, TeleopMessage.MaxNameBytes);
        return buffer[..w.Length];
    }

    /// <summary>Reads a message whose head was judged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out TeleopHello? hello)
    {
        hello = null;
        var r = new TeleopReader(message[TeleopMessage.HeaderBytes..]);
        string person = r.Text(TeleopMessage.MaxNameBytes), device = r.Text(TeleopMessage.MaxNameBytes);
        int count = r.U8();
        if (r.Failed || count > TeleopMessage.MaxMotions)
            return false;
        var motions = new string[count];
        for (int i = 0; i < count; i++)
            motions[i] = r.Text(TeleopMessage.MaxNameBytes);
        if (!r.IsWhole)
            return false;
        hello = new TeleopHello(person, device, motions);
        return true;
    }
}
