using Robotics.Core;
using Robotics.Policies;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Control;
using Robotics.Runtime.Guards;
using Robotics.Runtime.Memory;
using Robotics.Safety;

namespace Robotics.Runtime.Composition;

/// <summary>The control loop of a robot with everything it needs, allocated before the first tick.</summary>
/// <remarks>Control thread only.</remarks>
public sealed class ControlRig : IOperatorDesk, IDisposable
{
    private readonly FlyingPolicy _flying;
    private readonly PolicyLoader _loader;
    private readonly PolicyStage _policy;
    private readonly StepTimer _timer;
    private readonly EpisodeStage _episode;
    private readonly StepRecorder _recorder;
    private readonly SafetySupervisor _supervisor;
    private readonly OutsideProposals _human;
    private readonly OutsideProposals _outsidePolicy;

    /// <summary>Puts the loop of <paramref name="robot"/> over <paramref name="memory"/>.</summary>
    /// <param name="robot">Robot and task.</param>
    /// <param name="clock">The clock the robot was loaded with.</param>
    /// <param name="memory">Shared with the agent, or private.</param>
    /// <param name="boot">Identity of this start.</param>
    /// <param name="options">How to fly.</param>
    public ControlRig(RobotRig robot, IClock clock, EdgeMemory memory, ulong boot, FlightOptions options)
    {
        ArgumentNullException.ThrowIfNull(robot);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(options);
        int commands = robot.Driver.CommandChannels.Count;
        ulong seed = robot.Run.Seed;
        _recorder = new StepRecorder(robot.Schema, options.Record ? memory.Records : null, robot.RobotId, boot);
        _flying = new FlyingPolicy(
            new PolicySlot(CapacityFloats), robot.Task.ObservationLength, robot.Task.ActionLength, robot.Rules.Watch, new SeededRandom(seed, "exploration"))
        {
            Explore = options.Explore,
        };
        _loader = new PolicyLoader(memory.Policies, _flying.Slot);
        if (options.LoadsBeside)
            _loader.Start();
        _timer = new StepTimer(robot.TicksPerStep * robot.PeriodNs, robot.TicksPerAction * robot.PeriodNs);
        _policy = new PolicyStage(robot.Task, _flying, options.LoadsBeside ? null : _loader, _timer, commands, seed)
        {
            ObservationNoise = robot.IsSimulated, // a real sensor brings its own
        };
        var reset = new ResetProcedure(robot.Task.ResetProcedure, robot.Homing);
        _episode = new EpisodeStage(robot.Task, robot.Driver, robot.Supervisor, _policy, _recorder, seed, mayArm: robot.Supervisor.Settings.Arming.Automatic)
        {
            Resets = reset,
            Success = robot.Success,
            Cameras = robot.Cameras,
            MaxSteps = options.FlyOn ? int.MaxValue : robot.Task.MaxEpisodeSteps,
            TaskEndsEpisode = !options.FlyOn,
            StartAtRest = options.FlyOn,
            Listeners = [.. options.Outside.OfType<IEpisodeListener>()],
        };
        _supervisor = robot.Supervisor;
        Driver = new DriverGate(options.Between?.Invoke(robot.Driver) ?? robot.Driver);
        _human = new OutsideProposals(
            memory.HumanProposals, ActionSource.Human, boot, robot.Task.Action, commands, robot.HumanHoldNs, robot.Steering);
        _outsidePolicy = new OutsideProposals(memory.PolicyProposals, ActionSource.Policy, boot, robot.Task.Action, commands, robot.HoldNs);
        var arbiter = new Arbiter([.. options.Outside, _human, reset, _outsidePolicy], commands);
        Loop = new ControlLoop(
            clock, Driver, robot.Task, robot.Supervisor, arbiter, _policy, _episode, _recorder,
            robot.TicksPerStep, robot.TicksPerAction);
        Boot = boot;
    }

    /// <summary>Floats set aside for each network. Panels are padded to the widest vector, so a network may take up to twice its weights.</summary>
    public const int CapacityFloats = EdgeMemory.MaxImageBytes / sizeof(float) * 2;

    /// <summary>The loop.</summary>
    public ControlLoop Loop { get; }

    /// <summary>The robot's driver as the loop commands it; the watching thread may command through it too.</summary>
    public DriverGate Driver { get; }

    /// <summary>Identity of this start of the control process.</summary>
    public ulong Boot { get; }

    /// <summary>Policy steps recorded since start.</summary>
    public long Recorded => _recorder.Recorded;

    /// <summary>Policies that took over since start.</summary>
    public long PoliciesInstalled => _flying.Installed;

    /// <summary>Policies that were rolled back since start.</summary>
    public long PoliciesRolledBack => _flying.RolledBack;

    /// <summary>The policy in charge.</summary>
    public PolicyIdentity Policy => _policy.Identity;

    /// <summary>The policy's latest action in the task's units, exploration included.</summary>
    public ReadOnlySpan<float> PolicyAction => _policy.Action;

    /// <summary>True once a verified policy is installed.</summary>
    public bool HasPolicy => _policy.IsReady;

    /// <summary>Episodes that ended since start.</summary>
    public long EpisodesEnded => _episode.Ended;

    /// <summary>The episode that ended last.</summary>
    public EpisodeSummary LastEpisode => _episode.Last;

    /// <summary>True while an episode runs.</summary>
    public bool IsFlying => !_episode.IsAtBoundary;

    /// <inheritdoc/>
    public ArmingState Arming => _supervisor.Arming;

    /// <inheritdoc/>
    public SafetyAction Action => _supervisor.Action;

    /// <inheritdoc/>
    /// <remarks>A simulated robot arms itself at its next episode, unless an operator disarmed it.</remarks>
    public void Obey(OperatorVerb verb)
    {
        switch (verb)
        {
            case OperatorVerb.EmergencyStop:
                _episode.MayArm = false;
                _supervisor.EmergencyStop();
                break;
            case OperatorVerb.Acknowledge:
                _recorder.AcceptLoss();
                _supervisor.ReleaseEmergencyStop();
                _supervisor.Disarm();
                break;
            case OperatorVerb.Disarm:
                _episode.MayArm = false;
                _supervisor.Disarm();
                break;
            case OperatorVerb.Arm:
                _episode.MayArm = !_supervisor.Latched; // against a latch it is refused, and permits nothing later (R18)
                _episode.TryArm();
                break;
            default:
                _episode.Asked = verb; // of the episode: taken by the next step
                break;
        }
    }

    /// <summary>Ends the loader's thread, where there is one.</summary>
    public void Dispose() => _loader.Dispose();


    /// <summary>Fills <paramref name="status"/> with the loop's state; <paramref name="missedPeriods"/> and <paramref name="flownNs"/> come from the pacing.</summary>
    public void Describe(ref ControlStatus status, RobotRig robot, long missedPeriods, long flownNs)
    {
        ArgumentNullException.ThrowIfNull(robot);
        status.Boot = Boot;
        status.Ticks = Loop.Ticks;
        status.Recorded = _recorder.Recorded;
        status.Dropped = _recorder.Dropped;
        status.Interventions = Loop.Interventions;
        status.Installed = _flying.Installed;
        status.Refused = _flying.Refused + _loader.Refused;
        status.RolledBack = _flying.RolledBack;
        status.Verdicts = _flying.Verdicts;
        status.Verdict = _flying.LastVerdict.Policy;
        status.VerdictValue = _flying.LastVerdict.Value;
        status.VerdictLimit = _flying.LastVerdict.Limit;
        status.VerdictCheck = _flying.LastVerdict.Check;
        status.Probation = _flying.IsOnProbation ? (byte)1 : (byte)0;
        status.MissedPeriods = missedPeriods;
        status.FlownNs = flownNs;
        status.Policy = _policy.Identity;
        status.DistanceToTarget = Loop.DistanceToTarget;
        status.Causes = robot.Supervisor.Causes;
        status.Action = robot.Supervisor.Action;
        status.Authority = robot.Supervisor.Authority;
        status.Arming = robot.Supervisor.Arming;
        status.ProposalsTaken = _human.Taken + _outsidePolicy.Taken;
        status.ArmingMissing = _episode.Missing;
        status.ProposalsRefused = _human.Refused + _outsidePolicy.Refused;
        status.Episodes = _episode.Ended;
        status.NativeSteps = _timer.NativeSteps;
        status.IntermediateSteps = _timer.IntermediateSteps;
        status.Timing = _timer.Timing;
    }
}
