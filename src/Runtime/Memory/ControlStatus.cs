using System.Runtime.InteropServices;
using Robotics.Core;
using Robotics.Policies;
using Robotics.Safety;

namespace Robotics.Runtime.Memory;

/// <summary>What the control process tells the others of itself, several times a second. Layout: docs/formats/shared-memory.md.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
public struct ControlStatus
{
    /// <summary>Bytes of the message.</summary>
    public const int MaxLength = 256;

    /// <summary>Identity of this start of the control process.</summary>
    public ulong Boot;

    /// <summary>Control ticks since start.</summary>
    public long Ticks;

    /// <summary>Steps recorded since start, dropped ones included.</summary>
    public long Recorded;

    /// <summary>Records that found the ring full.</summary>
    public long Dropped;

    /// <summary>Ticks in which the supervisor changed or replaced a proposal.</summary>
    public long Interventions;

    /// <summary>Policies that took over since start.</summary>
    public long Installed;

    /// <summary>Offers that control refused.</summary>
    public long Refused;

    /// <summary>Control periods missed since start.</summary>
    public long MissedPeriods;

    /// <summary>Time flown under a policy since start, ns.</summary>
    public long FlownNs;

    /// <summary>The policy in charge.</summary>
    public PolicyIdentity Policy;

    /// <summary>Distance from the task's target, m; NaN for a robot without a position.</summary>
    public double DistanceToTarget;

    /// <summary>Causes in force.</summary>
    public SafetyCauses Causes;

    /// <summary>Safety action in force.</summary>
    public SafetyAction Action;

    /// <summary>Who commands.</summary>
    public ActionSource Authority;

    /// <summary>Whether the robot may move.</summary>
    public ArmingState Arming;

    /// <summary>1 where the policy in charge is on probation.</summary>
    public byte Probation;

    /// <summary>Outside proposals taken since start.</summary>
    public long ProposalsTaken;

    /// <summary>Outside proposals refused since start, late ones included.</summary>
    public long ProposalsRefused;

    /// <summary>Episodes that ended since start.</summary>
    public long Episodes;

    /// <summary>Times the watching thread saw the loop stand still.</summary>
    public long Stalls;

    /// <summary>Checks that refused the last arming.</summary>
    public ArmingChecks ArmingMissing;

    /// <summary>Late ticks among the last 100.</summary>
    public int LateTicks;

    /// <summary>Operator datagrams refused since start.</summary>
    public long OperatorRefused;

    /// <summary>Verdicts of the policy watch since start: a new one is there where this grew.</summary>
    public long Verdicts;

    /// <summary>Rollbacks since start.</summary>
    public long RolledBack;

    /// <summary>The policy the last verdict is about.</summary>
    public PolicyIdentity Verdict;

    /// <summary>What was measured for it.</summary>
    public double VerdictValue;

    /// <summary>What is allowed.</summary>
    public double VerdictLimit;

    /// <summary>The check of the last verdict; none where the policy passed.</summary>
    public BundleCheck VerdictCheck;

    /// <summary>How well the policy's steps keep time.</summary>
    public StepTiming Timing;

    /// <summary>Policy steps since start at the rate trained at.</summary>
    public long NativeSteps;

    /// <summary>Policy steps since start in between.</summary>
    public long IntermediateSteps;

    /// <summary>The policy in charge is on probation: not to be kept as installed yet.</summary>
    public readonly bool IsOnProbation => Probation != 0;

    /// <summary>The last verdict of the policy watch.</summary>
    public readonly PolicyVerdict LastVerdict => new(Verdict, VerdictCheck, VerdictValue, VerdictLimit);

    /// <summary>Puts the status into <paramref name="mailbox"/>. Allocates nothing.</summary>
    public readonly void PutInto(Mailbox mailbox)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        mailbox.TryPut(MemoryMarshal.AsBytes(new ReadOnlySpan<ControlStatus>(in this)));
    }

    /// <summary>Takes a new status out of <paramref name="mailbox"/>; false where there is none.</summary>
    public static bool TryTakeFrom(Mailbox mailbox, ref ControlStatus status)
    {
        ArgumentNullException.ThrowIfNull(mailbox);
        ControlStatus taken = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<ControlStatus>(ref taken));
        if (mailbox.TryTake(bytes) != bytes.Length)
            return false;
        status = taken;
        return true;
    }
}
