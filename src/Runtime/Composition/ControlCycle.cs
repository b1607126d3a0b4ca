using Robotics.Core;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Guards;
using Robotics.Runtime.Memory;
using Robotics.Safety;

namespace Robotics.Runtime.Composition;

/// <summary>One period of the control process: the loop's tick, and around it what makes it a process: operators, guards, readiness, status, journal.</summary>
/// <remarks>
/// <para>Control thread only; nothing here allocates, locks, blocks, logs or throws out: what fails beside the loop makes the baseline fly,
/// as what fails inside it.</para>
/// <para>To host something beside the loop: a <see cref="ICycleGuest"/>.</para>
/// </remarks>
public sealed class ControlCycle
{
    private readonly RobotRig _robot;
    private readonly ControlRig _control;
    private readonly EdgeMemory _memory;
    private readonly IClock _clock;
    private readonly OperatorPort? _operators;
    private readonly LoopGuards? _guards;
    private readonly Readiness? _readiness;
    private readonly ICycleGuest[] _guests;
    private ControlStatus _status;

    /// <summary>A cycle around the loop of <paramref name="control"/>; what is null is left out.</summary>
    public ControlCycle(
        RobotRig robot, ControlRig control, EdgeMemory memory, IClock clock, OperatorPort? operators = null, LoopGuards? guards = null, Readiness? readiness = null,
        IEnumerable<ICycleGuest>? guests = null)
    {
        _robot = robot ?? throw new ArgumentNullException(nameof(robot));
        _control = control ?? throw new ArgumentNullException(nameof(control));
        _memory = memory ?? throw new ArgumentNullException(nameof(memory));
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _operators = operators;
        _guards = guards;
        _readiness = readiness;
        _guests = [.. guests ?? []];
    }

    /// <summary>Ticks flown in an episode.</summary>
    public long Flown { get; private set; }

    /// <summary>Periods missed since the first flown tick.</summary>
    public long MissedPeriods { get; private set; }

    /// <summary>Time of the first flown tick, ns; 0 before.</summary>
    public long FirstFlownNs { get; private set; }

    /// <summary>What the last period told the others.</summary>
    public ref readonly ControlStatus Status => ref _status;

    /// <summary>One period, right after the pacer's wake-up.</summary>
    /// <param name="missedPeriods">Whole periods skipped before it.</param>
    /// <returns>True where the robot flew in an episode.</returns>
    public bool Run(int missedPeriods)
    {
        Prepare(missedPeriods);
        _control.Loop.Tick();
        bool flying = _control.IsFlying;
        if (flying)
            Count(missedPeriods);
        Tell();
        return flying;
    }

    private void Prepare(int missedPeriods)
    {
        try
        {
            long now = _clock.NowNs;
            _guards?.OnTick(now, missedPeriods);
            _readiness?.Confirm(now);
            _operators?.Serve(_control);
        }
#pragma warning disable CA1031 // whatever failed: the loop must turn in this period
        catch (Exception e)
#pragma warning restore CA1031
        {
            _control.Loop.Distrust(e);
        }
    }

    private void Count(int missedPeriods)
    {
        if (Flown++ == 0)
            FirstFlownNs = _clock.NowNs;
        else
            MissedPeriods += missedPeriods;
    }

    private void Tell()
    {
        try
        {
            _control.Describe(ref _status, _robot, MissedPeriods, Flown * _robot.PeriodNs);
            _status.Stalls = _guards?.Watch.Trips ?? 0;
            _status.LateTicks = _guards?.LateTicks ?? 0;
            _status.OperatorRefused = _operators?.Refused ?? 0;
            _status.PutInto(_memory.Status);
            while (_robot.Supervisor.Journal.TryTake(out SafetyTransition transition))
                SafetyEntry.Of(_control.Boot, transition).TryPutInto(_memory.Transitions);
            foreach (ICycleGuest guest in _guests)
                guest.OnPeriod(_status);
        }
#pragma warning disable CA1031 // as above
        catch (Exception e)
#pragma warning restore CA1031
        {
            _control.Loop.Distrust(e);
        }
    }
}
