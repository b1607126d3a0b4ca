namespace Robotics.Teleop;

/// <summary>Node: what the person asks for now. Sent 50 times a second, held switch or not.</summary>
/// <remarks>A frame proves its age without a common clock: it repeats the newest agent time it has seen, so the agent knows that it was made
/// after that. A presses' counter grows with each action, and the newest action is repeated in every frame, so that a lost frame loses none.</remarks>
public readonly ref struct TeleopMotion
{
    /// <summary>The nonce of the grant.</summary>
    public ulong Nonce { get; init; }

    /// <summary>Grows with every frame of a session, from 1.</summary>
    public ulong Sequence { get; init; }

    /// <summary>Newest agent time the node has seen, ns of the agent's clock; 0 before the first.</summary>
    public long EchoNs { get; init; }

    /// <summary>True while the dead man's switch is held.</summary>
    public bool Held { get; init; }

    /// <summary>The newest action.</summary>
    public TeleopAction Action { get; init; }

    /// <summary>Grows with every action of a session; 0 before the first.</summary>
    public uint ActionCount { get; init; }

    /// <summary>Motions, each in [-1, 1], in the order of the hello.</summary>
    public ReadOnlySpan<float> Motions { get; init; }

    /// <summary>Writes the message; returns its bytes.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, ulong session)
    {
        TeleopWriter w = TeleopMessage.Begin(buffer, TeleopKind.Motion, session);
        w.U64(Nonce);
        w.U64(Sequence);
        w.U64((ulong)EchoNs);
        w.U8(Held ? (byte)1 : (byte)0);
        w.U8((byte)Action);
        w.U8((byte)Motions.Length);
        w.U8(0);
        w.U32(ActionCount);
        foreach (float motion in Motions)
            w.F32(motion);
        return buffer[..w.Length];
    }

    /// <summary>Reads a message whose head was judged; <paramref name="motions"/> holds at least <see cref="TeleopMessage.MaxMotions"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, Span<float> motions, out TeleopMotion motion)
    {
        motion = default;
        var r = new TeleopReader(message[TeleopMessage.HeaderBytes..]);
        ulong nonce = r.U64(), sequence = r.U64();
        long echoNs = (long)r.U64();
        byte held = r.U8();
        var action = (TeleopAction)r.U8();
        int count = r.U8();
        byte reserved = r.U8();
        uint actionCount = r.U32();
        if (r.Failed || held > 1 || reserved != 0 || count > TeleopMessage.MaxMotions || action > TeleopAction.EmergencyStop)
            return false;
        for (int i = 0; i < count; i++)
        {
            motions[i] = r.F32();
            if (!(MathF.Abs(motions[i]) <= 1)) // false for NaN too
                return false;
        }
        motion = new TeleopMotion
        {
            Nonce = nonce,
            Sequence = sequence,
            EchoNs = echoNs,
            Held = held == 1,
            Action = action,
            ActionCount = actionCount,
            Motions = motions[..count],
        };
        return r.IsWhole;
    }
}
