using Robotics.Core;
using Robotics.Experience;
using Robotics.Runtime.Commands;
using Robotics.Safety;
using Robotics.Tasks;

namespace Robotics.Runtime.Control;

/// <summary>Judges the step that ended and starts the next one: where episodes begin, end and are reset.</summary>
/// <remarks>Control thread only; allocates nothing after construction.</remarks>
internal sealed class EpisodeStage
{
    private readonly RobotTask _task;
    private readonly IRobotDriver _driver;
    private readonly IResettableRobot? _resettable;
    private readonly IDeviceReadiness? _device;
    private readonly SafetySupervisor _supervisor;
    private readonly PolicyStage _policy;
    private readonly StepRecorder _recorder;
    private readonly SeededRandom _reset;
    private readonly float[] _state;
    private readonly RewardWeights _weights;
    private readonly IEpisodeListener[] _listeners = [];
    private ulong _episode;
    private int _step;
    private double _return;
    private bool _running;

    public EpisodeStage(RobotTask task, IRobotDriver driver, SafetySupervisor supervisor, PolicyStage policy, StepRecorder recorder, ulong seed, bool mayArm)
    {
        _task = task;
        _driver = driver;
        _resettable = driver as IResettableRobot;
        _device = driver as IDeviceReadiness;
        _supervisor = supervisor;
        _policy = policy;
        _recorder = recorder;
        _reset = new SeededRandom(seed, "reset");
        _state = new float[driver.StateChannels.Count];
        _weights = task.Reward.EvaluationWeights;
        MayArm = mayArm;
    }

    /// <summary>True between episodes: where a new policy may take over whatever the run says.</summary>
    public bool IsAtBoundary => !_running;

    /// <summary>Steps after which an episode is cut; <see cref="int.MaxValue"/> for a flight that just goes on.</summary>
    public int MaxSteps { get; set; } = int.MaxValue;

    /// <summary>False for a flight on which the task's box does not end the episode.</summary>
    public bool TaskEndsEpisode { get; set; } = true;

    /// <summary>True while a real robot waits for its device to obey, or for the supervisor to hand authority back: the baseline commands.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>True to start at the target at rest instead of drawing from the task's reset distribution.</summary>
    public bool StartAtRest { get; set; }

    /// <summary>Whether an episode may arm the robot by itself: simulated robots only, and not after an operator disarmed it.</summary>
    public bool MayArm { get; set; }

    /// <summary>Who is told that an episode begins: simulated people.</summary>
    public IReadOnlyList<IEpisodeListener> Listeners
    {
        get => _listeners;
        init => _listeners = [.. value];
    }

    /// <summary>What a person decided since the last step; taken by the next one.</summary>
    public OperatorVerb Asked { get; set; }

    /// <summary>What happens between two episodes.</summary>
    public required ResetProcedure Resets { get; init; }

    /// <summary>The learned judge of success; null for none.</summary>
    public SuccessDetector? Success { get; init; }

    /// <summary>What the robot sees with; null for nothing.</summary>
    public ICameraDriver? Cameras { get; init; }

    /// <summary>Episodes that ended since start.</summary>
    public long Ended { get; private set; }

    /// <summary>The episode that ended last.</summary>
    public EpisodeSummary Last { get; private set; }

    /// <summary>Judges the state after a step, closes its record and, where the episode is over, puts a simulated robot into its next start.</summary>
    public void Finish(SensorSample sample, long nowNs)
    {
        if (!_running || !_recorder.IsOpen)
            return;
        TransitionRecord record = _recorder.Current;
        OperatorVerb asked = TakeAsked();
        TransitionFlags ending = EndingOf(sample, record, asked);
        EpisodeOutcome outcome = (ending & TransitionFlags.Succeeded) != 0 ? EpisodeOutcome.Success
            : (ending & TransitionFlags.Terminated) != 0 ? EpisodeOutcome.Failure : EpisodeOutcome.Running;
        float reward = _task.Reward.Of(_task.PrivilegedLength > 0 ? record.Privileged : record.Frame, record.Executed, outcome, _weights);
        if (ending != TransitionFlags.None)
        {
            ending |= TransitionFlags.HasFinal;
            _policy.Observe(sample, record.FinalFrame, record.FinalPrivileged);
            Cameras?.ReadImages(record.FinalImages);
        }
        _policy.Executed(record.Executed);
        _recorder.Close(ending, reward, _weights.Version);
        _step++;
        _return += reward;
        if (ending == TransitionFlags.None)
            return;
        Resets.Begin(asked, nowNs);
        End(sample, ending);
    }

    /// <summary>Opens the next step, where a policy may fly; begins an episode first where none is running.</summary>
    /// <returns>False where nothing can be begun: no policy, not armed, or a sample that no policy may see.</returns>
    public bool TryBegin(SensorSample sample, long nowNs)
    {
        if (!_running && !TryBeginEpisode(sample, nowNs))
            return false;
        if (!_supervisor.PolicyMayAct)
        {
            Interrupt();
            return false;
        }
        _recorder.Open(_episode, (uint)_step, sample.SampleTimeNs, _policy.Identity);
        TransitionRecord record = _recorder.Current;
        Cameras?.ReadImages(record.Images);
        return _policy.Observe(sample, record.Frame, record.Privileged);
    }

    private OperatorVerb TakeAsked()
    {
        OperatorVerb asked = Asked;
        Asked = OperatorVerb.None;
        return asked;
    }

    // A person's word outranks the task's: they see what no sensor does. A trip outranks both.
    private TransitionFlags EndingOf(SensorSample sample, TransitionRecord record, OperatorVerb asked)
    {
        if (record.SafetyAction >= SafetyAction.Baseline)
            return TransitionFlags.Terminated | TransitionFlags.EndedBySafety; // a trip is a failure: architecture, section 7
        bool learned = Success?.IsSuccess(sample) ?? false;
        switch (asked)
        {
            case OperatorVerb.Success:
                return TransitionFlags.Terminated | TransitionFlags.Succeeded | TransitionFlags.EndedByPerson;
            case OperatorVerb.Failure:
                return TransitionFlags.Terminated | TransitionFlags.EndedByPerson;
            case OperatorVerb.Rerecord:
                return TransitionFlags.Truncated | TransitionFlags.EndedByPerson | TransitionFlags.Discarded;
            case OperatorVerb.Terminate or OperatorVerb.Reset:
                return TransitionFlags.Truncated | TransitionFlags.EndedByPerson;
            default:
                break;
        }
        if (TaskEndsEpisode)
        {
            EpisodeOutcome outcome = _task.Judge(sample);
            if (outcome == EpisodeOutcome.Failure)
                return TransitionFlags.Terminated;
            if (outcome == EpisodeOutcome.Success || learned)
                return TransitionFlags.Terminated | TransitionFlags.Succeeded;
        }
        return _step + 1 >= MaxSteps ? TransitionFlags.Truncated : TransitionFlags.None;
    }

    private void End(SensorSample sample, TransitionFlags ending)
    {
        Last = new EpisodeSummary(
            (long)_episode, _step, _return, (ending & TransitionFlags.Terminated) != 0, (ending & TransitionFlags.Truncated) != 0,
            _task.DistanceToTarget(sample), (ending & TransitionFlags.Succeeded) != 0);
        Ended++;
        _episode++;
        _running = false;
        const TransitionFlags notFailed = TransitionFlags.Succeeded | TransitionFlags.Truncated | TransitionFlags.EndedBySafety;
        _policy.EndEpisode(_recorder.Current.Policy, isFailure: (ending & notFailed) == 0); // a trip was judged when it came
    }

    private bool TryBeginEpisode(SensorSample sample, long nowNs)
    {
        if (!_policy.IsReady)
            return false;
        if (!Resets.IsDone(TakeAsked(), nowNs))
            return false;
        if (_resettable is not null && _device is { IsReady: false })
            return false; // an emulated device is still being identified: the first start is drawn when it can be flown
        if (_resettable is not null && Resets.MayTeleport)
            ResetRobot(sample, nowNs);
        // Only a robot that robot.yaml lets arm by itself comes back without a person: a released e-stop never moves it (R17).
        if (_supervisor.Arming != ArmingState.Armed && !(MayArm && _supervisor.Settings.Arming.Automatic && Rearm()))
            return false;
        IsWaiting = !MayBegin();
        if (IsWaiting)
            return false;
        _policy.BeginEpisode();
        Success?.Reset();
        foreach (IEpisodeListener listener in _listeners)
            listener.OnEpisodeBegins(sample);
        _step = 0;
        _return = 0;
        _running = true;
        return true;
    }

    // A step that the device does not execute, or that the baseline flies, is no experience of the policy's.
    private bool MayBegin()
    {
        if (_resettable is not null)
            return true;
        if (_device is { IsObeying: false })
        {
            _supervisor.RestartBaseline();
            return false;
        }
        return (_supervisor.Causes & ~SafetyCauses.NoPolicy) == SafetyCauses.None;
    }

    private void ResetRobot(SensorSample sample, long nowNs)
    {
        if (StartAtRest)
            _task.RestAtTarget(_state);
        else
            _task.SampleReset(_reset, _state);
        _resettable!.Reset(_state);
        _driver.Read(sample);
        _supervisor.OnEpisodeReset();
        _supervisor.Inspect(sample, nowNs);
    }

    private bool Rearm()
    {
        if (_supervisor.Latched)
            _supervisor.Disarm();
        return TryArm();
    }

    /// <summary>The checks that refused the last arming; none where it was not refused.</summary>
    public ArmingChecks Missing { get; private set; }

    /// <summary>Arms where every check is green.</summary>
    public bool TryArm()
    {
        ConfirmChecks();
        bool armed = _supervisor.TryArm(out ArmingChecks missing);
        Missing = missing;
        return armed;
    }

    /// <summary>Confirms or withdraws the arming checks that the loop itself can judge.</summary>
    public void ConfirmChecks()
    {
        _supervisor.Confirm(ArmingChecks.Policy, _policy.IsReady);
        _supervisor.Confirm(ArmingChecks.Recorder, !_recorder.HasLostRecords);
        if (_driver is ICalibratedDevice calibrated)
            _supervisor.Confirm(ArmingChecks.Calibration, calibrated.IsCalibrationConfirmed);
        if (_device is null)
            return;
        _supervisor.Confirm(ArmingChecks.DeviceIdentity, _device.IsReady);
        _supervisor.Confirm(ArmingChecks.DeviceTimeout, _device.IsReady && _device.CommandTimeoutS * 1000 <= _supervisor.Settings.Arming.DeviceTimeoutMs);
    }

    // A sample no policy may see: the supervisor's baseline flies, and the step that could not be observed never was one.
    private void Interrupt()
    {
        _recorder.Abandon();
        _running = false;
        if (_step > 0)
            _episode++; // broken off: what comes is another one
    }
}
