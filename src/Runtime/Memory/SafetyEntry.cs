using System.Runtime.InteropServices;
using Robotics.Core;
using Robotics.Safety;

namespace Robotics.Runtime.Memory;

/// <summary>One transition of the supervisor as it travels from control to the agent's log. Layout: docs/formats/shared-memory.md.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
public struct SafetyEntry
{
    /// <summary>Bytes of an entry.</summary>
    public const int Length = 56;

    /// <summary>Start of the control process it happened in.</summary>
    public ulong Boot;

    /// <summary>Control tick, from 1.</summary>
    public long Tick;

    /// <summary>Time of the tick, ns.</summary>
    public long TimeNs;

    /// <summary>The policy that proposed in this tick.</summary>
    public PolicyIdentity Policy;

    /// <summary>Causes in force now.</summary>
    public SafetyCauses Causes;

    /// <summary>Action before.</summary>
    public SafetyAction From;

    /// <summary>Action now.</summary>
    public SafetyAction To;

    /// <summary>Who commands now.</summary>
    public ActionSource Authority;

    private readonly byte _reserved;

    /// <summary>The entry of <paramref name="transition"/>.</summary>
    public static SafetyEntry Of(ulong boot, in SafetyTransition transition) => new()
    {
        Boot = boot,
        Tick = transition.Tick,
        TimeNs = transition.TimeNs,
        Policy = transition.Policy,
        Causes = transition.Causes,
        From = transition.From,
        To = transition.To,
        Authority = transition.Authority,
    };

    /// <summary>Hands the entry to the agent; false (counted by the ring) where there is no room. Allocates nothing.</summary>
    public readonly bool TryPutInto(RecordRing ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        if (!ring.TryReserve(Length, out Span<byte> frame))
            return false;
        MemoryMarshal.Write(frame, in this);
        ring.Commit(Length);
        return true;
    }

    /// <summary>The next entry of <paramref name="ring"/>, valid whatever its bytes say; false where there is none. Frames of another length are skipped.</summary>
    public static bool TryTakeFrom(RecordRing ring, out SafetyEntry entry)
    {
        ArgumentNullException.ThrowIfNull(ring);
        while (ring.TryRead(out ReadOnlySpan<byte> frame))
        {
            if (frame.Length == Length && MemoryMarshal.TryRead(frame, out entry))
                return true;
        }
        entry = default;
        return false;
    }
}
