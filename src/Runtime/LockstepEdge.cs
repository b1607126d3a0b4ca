using Robotics.Core;
using Robotics.Runtime.Agent;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Time;

namespace Robotics.Runtime;

/// <summary>Control and agent on one thread in simulated time: the very same loops over private memory, as fast as the machine allows.</summary>
/// <remarks>The learner grants a lead; where it is used up the edge waits, so that steps and updates keep the published ratio.</remarks>
public sealed class LockstepEdge(ControlRig control, RobotRig robot, AgentLoop agent, ManualClock clock, IClock linkClock, int ticksPerTurn)
{
    // How long to sleep in poll(2) for the learner's next word; any frame ends it early.
    private const int WaitMs = 50;

    private readonly LockstepPacer _pacer = new(clock, robot.PeriodNs);

    /// <summary>Steps this edge is to record.</summary>
    public required long Steps { get; init; }

    /// <summary>True once all steps are recorded and acknowledged by the learner.</summary>
    public bool IsDone => control.Recorded >= Steps && agent.Acknowledged >= (ulong)Steps;

    /// <summary>True where the learner's grant (or the run's length) is used up.</summary>
    public bool MustWait => control.Recorded >= Steps || (control.HasPolicy && (ulong)control.Recorded >= agent.Granted);

    /// <summary>One turn: some control ticks, as far as the grant goes, then the agent. In <paramref name="mayBlock"/> mode waits for the learner where nothing can be done.</summary>
    public void Turn(bool mayBlock)
    {
        for (int i = 0; i < ticksPerTurn && !MustWait; i++)
        {
            _pacer.WaitForNextTick();
            control.Loop.Tick();
        }
        Tell();
        agent.Turn(linkClock.NowNs);
        if (mayBlock && (MustWait || !control.HasPolicy) && !IsDone)
            agent.Wait(WaitMs);
    }

    private void Tell()
    {
        Memory.ControlStatus status = default;
        control.Describe(ref status, robot, missedPeriods: 0, flownNs: clock.NowNs);
        status.PutInto(StatusBox);
    }

    /// <summary>The mailbox the agent reads control's status from.</summary>
    public required Memory.Mailbox StatusBox { get; init; }
}
