using System.Runtime.InteropServices;

namespace Robotics.Runtime.Memory;

/// <summary>What the agent tells control of itself, in each of its rounds. Layout: docs/formats/shared-memory.md.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
public struct AgentStatus
{
    /// <summary>Bytes of the message.</summary>
    public const int Length = 16;

    /// <summary>When it spoke, ns of the agent's clock (CLOCK_MONOTONIC).</summary>
    public long TimeNs;

    /// <summary>1 where the learner answers.</summary>
    public byte LearnerConnected;

    /// <summary>Puts the status into <paramref name="mailbox"/>. Allocates nothing.</summary>
    public readonly void PutInto(Mailbox mailbox)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        mailbox.TryPut(MemoryMarshal.AsBytes(new ReadOnlySpan<AgentStatus>(in this)));
    }

    /// <summary>Takes a new status out of <paramref name="mailbox"/>; false where there is none.</summary>
    public static bool TryTakeFrom(Mailbox mailbox, ref AgentStatus status)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        AgentStatus taken = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<AgentStatus>(ref taken));
        if (mailbox.TryTake(bytes) != bytes.Length)
            return false;
        status = taken;
        return true;
    }
}
