using Robotics.Core;
using Robotics.Runtime.Commands;
using Robotics.Safety;
using Robotics.Tasks;

namespace Robotics.Runtime.Control;

/// <summary>The first river: from a sensor to an actuator, once every control period.</summary>
/// <remarks>
/// One thread; nothing on it allocates, locks, blocks, logs or throws out. The same loop flies a real robot, a simulated one in real time
/// and a lockstep run; only driver, clock and pacer differ. Order: docs/architecture.md, "The two rivers".
/// </remarks>
public sealed class ControlLoop
{
    private readonly IClock _clock;
    private readonly IRobotDriver _driver;
    private readonly RobotTask _task;
    private readonly SafetySupervisor _supervisor;
    private readonly Arbiter _arbiter;
    private readonly PolicyStage _policy;
    private readonly EpisodeStage _episode;
    private readonly StepRecorder _recorder;
    private readonly OperatorSwitches _switches;
    private readonly SensorSample _sample;
    private readonly float[] _executed;
    private readonly float[] _outside;
    private readonly int _ticksPerStep;
    private readonly int _ticksBetween;
    private int _ticksLeft;

    internal ControlLoop(
        IClock clock, IRobotDriver driver, RobotTask task, SafetySupervisor supervisor, Arbiter arbiter, PolicyStage policy,
        EpisodeStage episode, StepRecorder recorder, int ticksPerStep, int ticksBetween)
    {
        _clock = clock;
        _driver = driver;
        _task = task;
        _supervisor = supervisor;
        _arbiter = arbiter;
        _policy = policy;
        _episode = episode;
        _recorder = recorder;
        _switches = new OperatorSwitches(supervisor, driver.StateChannels);
        _sample = new SensorSample(driver.StateChannels);
        _executed = new float[task.ActionLength];
        _outside = new float[task.ActionLength];
        _ticksPerStep = ticksPerStep;
        _ticksBetween = ticksBetween;
    }

    /// <summary>Control ticks since start.</summary>
    public long Ticks { get; private set; }

    /// <summary>Ticks of recorded steps in which the supervisor changed or replaced the proposal.</summary>
    public long Interventions { get; private set; }

    /// <summary>Distance of the robot from the task's target at the last tick, m.</summary>
    public double DistanceToTarget => _task.DistanceToTarget(_sample);

    /// <summary>What was thrown inside the tick first, for whoever reports it; null where nothing was.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>What was thrown while falling back from <see cref="Fault"/>; null where the baseline went out. The device's own timeout protects then.</summary>
    public Exception? SecondFault { get; private set; }

    /// <summary>Where the time of a tick goes; null to measure nothing.</summary>
    public TickTimings? Timings { get; set; }

    /// <summary>One control period, in data-flow order. An exception anywhere gives the baseline in the same period and latches.</summary>
    public void Tick()
    {
        Timings?.Begin();
        Proposal proposal = Propose();
        SafeCommand command = _supervisor.Filter(proposal, _sample, _clock.NowNs);
        Timings?.Mark(TickStage.Filter);
        try
        {
            Write(command);
            Timings?.Sent(command);
            if (_recorder.IsOpen)
                Record(proposal, command);
        }
#pragma warning disable CA1031 // whatever was thrown: the robot must be commanded in this period
        catch (Exception e)
#pragma warning restore CA1031
        {
            FallBack(e);
        }
        Timings?.Mark(TickStage.Record);
        Ticks++;
    }

    /// <summary>Something beside the loop failed (a guard, the status): the baseline flies from the next filter on.</summary>
    public void Distrust(Exception cause)
    {
        Fault ??= cause;
        _supervisor.Report(SafetyCauses.InternalFault);
    }

    private Proposal Propose()
    {
        try
        {
            _driver.Read(_sample);
            Timings?.Mark(TickStage.Read);
            _supervisor.Inspect(_sample, _clock.NowNs);
            if (_switches.Exist)
            {
                _episode.ConfirmChecks();
                _switches.Obey(_sample);
            }
            Timings?.Mark(TickStage.Inspect);
            if (_ticksLeft-- == 0)
                TurnStep();
            else if ((_ticksPerStep - 1 - _ticksLeft) % _ticksBetween == 0 && _recorder.IsOpen)
                _policy.ActBetween(_sample, _recorder.Current.Executed);
            if (_episode.IsWaiting)
                _supervisor.Report(SafetyCauses.NoPolicy);
            Timings?.Mark(TickStage.Policy);
            Proposal chosen = _arbiter.Choose(_policy.Proposal, _sample, _clock.NowNs);
            Timings?.Mark(TickStage.Arbitrate);
            return chosen;
        }
#pragma warning disable CA1031 // whatever was thrown: the robot must be commanded in this period
        catch (Exception e)
#pragma warning restore CA1031
        {
            return WithoutProposal(e);
        }
    }

    private void Write(in SafeCommand command)
    {
        WriteStatus status = _driver.Write(command);
        Timings?.Mark(TickStage.Write);
        if (status == WriteStatus.Faulted && !_episode.IsAtBoundary) // before an episode a device may still be getting ready to obey
            _supervisor.Report(SafetyCauses.DriverFault);
    }

    private Proposal WithoutProposal(Exception e)
    {
        Distrust(e);
        _policy.Proposal.Clear();
        _ticksLeft = _ticksPerStep - 1;
        return _policy.Proposal;
    }

    // The command of this period may or may not have gone out: the baseline's goes out after it.
    private void FallBack(Exception e)
    {
        Proposal none = WithoutProposal(e);
        _recorder.Abandon();
        try
        {
            _driver.Write(_supervisor.Filter(none, _sample, _clock.NowNs));
        }
#pragma warning disable CA1031 // a driver that cannot be written to at all: the next tick tries again
        catch (Exception again)
#pragma warning restore CA1031
        {
            SecondFault ??= again;
        }
    }

    // A policy period begins: the step that ended is judged and recorded, the next one is observed and acted on.
    private void TurnStep()
    {
        try
        {
            BeginStep();
        }
        catch
        {
            _recorder.Abandon(); // half-judged or half-opened, it is no transition
            throw;
        }
        _ticksLeft = _ticksPerStep - 1;
    }

    private void BeginStep()
    {
        _episode.Finish(_sample, _clock.NowNs);
        if (_recorder.HasJustDropped)
            _supervisor.Report(SafetyCauses.RecorderFull);
        _policy.SwapIfOffered(_episode.IsAtBoundary);
        if (_episode.TryBegin(_sample, _clock.NowNs))
            _policy.Act(_recorder.Current.Frame, _sample.SampleTimeNs);
        else
            _policy.Proposal.Clear();
    }

    private void Record(Proposal proposal, in SafeCommand command)
    {
        bool changed = _supervisor.Action >= SafetyAction.Clamp;
        bool builtIn = ReferenceEquals(proposal, _policy.Proposal);
        ActionSource source = _supervisor.Action >= SafetyAction.Baseline ? ActionSource.Baseline : proposal.Source;
        if (changed)
            Interventions++;
        _policy.Watch(_supervisor.Action, proposal);
        if (!changed && builtIn)
            _policy.Action.CopyTo(_executed); // bit for bit what the policy gave
        else
            _task.Action.ToAction(command.Values, _executed);
        if (builtIn)
        {
            _recorder.AddTick(source, _policy.Action, [], _executed, _supervisor, command.IssuedNs);
            return;
        }
        _task.Action.ToAction(proposal.Values, _outside);
        bool human = proposal.Source == ActionSource.Human;
        if (!human)
            _recorder.Current.Policy = proposal.Policy;
        _recorder.AddTick(source, human ? _policy.Action : _outside, human ? _outside : [], _executed, _supervisor, command.IssuedNs);
    }
}
