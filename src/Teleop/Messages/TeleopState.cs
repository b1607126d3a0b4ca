using Robotics.Core;

namespace Robotics.Teleop;

/// <summary>Agent: how the robot is, who commands it and how the sender's lease stands. 50 times a second to every session.</summary>
public sealed record TeleopState
{
    /// <summary>The agent's clock when it was sent, ns; the node repeats it in its frames.</summary>
    public long AgentTimeNs { get; init; }

    /// <summary>How the lease of this session stands.</summary>
    public LeaseState Lease { get; init; }

    /// <summary>Who commands the robot.</summary>
    public ActionSource Authority { get; init; }

    /// <summary>Safety action in force.</summary>
    public SafetyAction Action { get; init; }

    /// <summary>0 disarmed, 1 armed, 2 latched, as the control process tells it.</summary>
    public byte Arming { get; init; }

    /// <summary>Safety causes in force.</summary>
    public SafetyCauses Causes { get; init; }

    /// <summary>Episodes that ended since the robot's start.</summary>
    public long Episodes { get; init; }

    /// <summary>Control ticks since the robot's start.</summary>
    public long Ticks { get; init; }

    /// <summary>Distance from the task's target, m; NaN for a robot without a position.</summary>
    public float DistanceM { get; init; }

    /// <summary>Frames of this session that counted.</summary>
    public uint Accepted { get; init; }

    /// <summary>Frames of this session that did not.</summary>
    public uint Refused { get; init; }

    /// <summary>Why the last one did not.</summary>
    public FrameVerdict LastRefusal { get; init; }

    /// <summary>Who holds the lease; empty for nobody.</summary>
    public string Holder { get; init; } = "";

    /// <summary>Writes the message; returns its bytes.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer, ulong session)
    {
        TeleopWriter w = TeleopMessage.Begin(buffer, TeleopKind.State, session);
        w.U64((ulong)AgentTimeNs);
        w.U8((byte)Lease);
        w.U8((byte)Authority);
        w.U8((byte)Action);
        w.U8(Arming);
        w.U32((uint)Causes);
        w.U64((ulong)Episodes);
        w.U64((ulong)Ticks);
        w.F32(DistanceM);
        w.U32(Accepted);
        w.U32(Refused);
        w.U8((byte)LastRefusal);
        w.Text(Holder, TeleopMessage.MaxNameBytes);
        return buffer[..w.Length];
    }

    /// <summary>Reads a message whose head was judged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out TeleopState? state)
    {
        var r = new TeleopReader(message[TeleopMessage.HeaderBytes..]);
        state = new TeleopState
        {
            AgentTimeNs = (long)r.U64(),
            Lease = (LeaseState)r.U8(),
            Authority = (ActionSource)r.U8(),
            Action = (SafetyAction)r.U8(),
            Arming = r.U8(),
            Causes = (SafetyCauses)r.U32(),
            Episodes = (long)r.U64(),
            Ticks = (long)r.U64(),
            DistanceM = r.F32(),
            Accepted = r.U32(),
            Refused = r.U32(),
            LastRefusal = (FrameVerdict)r.U8(),
            Holder = r.Text(TeleopMessage.MaxNameBytes),
        };
        return r.IsWhole && state.Lease <= LeaseState.Preempted && state.Authority <= ActionSource.Human && state.Action <= SafetyAction.PowerCut;
    }
}
