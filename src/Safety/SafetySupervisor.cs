using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Safety;

/// <summary>The last word before the actuators: turns any proposal, or none, into a command that keeps the robot safe. The only maker of <see cref="SafeCommand"/>.</summary>
/// <remarks>
/// <para>Call once per control tick: <see cref="Inspect"/> right after the driver's read (a policy may act only where
/// <see cref="PolicyMayAct"/>), then <see cref="Filter"/>. Neither throws or allocates. A proposal that violates nothing comes out bit for bit.</para>
/// <para>Control thread only, except <see cref="EmergencyStop"/> and <see cref="Report"/>, which any thread may call.</para>
/// </remarks>
public sealed partial class SafetySupervisor
{
    private const float AbsurdFactor = 100; // a command 100 times its envelope is a broken source, not an eager one

    private readonly SafetySettings _settings;
    private readonly DecisionRules _rules;
    private readonly SampleGate _gate;
    private readonly MotionRules _motion;
    private readonly CommandLimiter _limiter;
    private readonly EdgeRules _edges;
    private readonly ClampShare _clampShare;
    private readonly IBaselineController _baseline;
    private readonly BaselineInput _input;
    private readonly ChannelLayout _command;
    private readonly float[] _absurd;
    private readonly float[] _proposed;
    private readonly float[] _baselineCommand;
    private readonly float[] _emitted;
    private SafetyState _state;
    private SafetyCauses _stateFlags;
    private BaselineStatus _baselineStatus;
    private ActionSource _authority;
    private long _inspectedTick;
    private uint _pending;

    /// <summary>A supervisor in the state Disarmed. Prefer <see cref="Read"/>.</summary>
    public SafetySupervisor(SafetySettings settings, IBaselineController baseline, ChannelLayout state, ChannelLayout command, double controlPeriodS)
    {
        _settings = settings ?? throw new ArgumentNullException(nameof(settings));
        _baseline = baseline ?? throw new ArgumentNullException(nameof(baseline));
        ArgumentNullException.ThrowIfNull(state);
        _command = command ?? throw new ArgumentNullException(nameof(command));
        _input = new BaselineInput(state.Count, command.Count);
        _gate = new SampleGate(settings.Sample, state, (long)(controlPeriodS * 1e9), _input);
        _motion = new MotionRules(settings.Motion, state, controlPeriodS);
        _limiter = new CommandLimiter(settings.Command, controlPeriodS);
        _edges = new EdgeRules(settings.Edges, controlPeriodS);
        _clampShare = new ClampShare(settings.ClampShare);
        _rules = new DecisionRules(settings.Causes, settings.DwellNs, settings.MaxReturns);
        _absurd = [.. settings.Command.Min.Zip(settings.Command.Max, (min, max) => AbsurdFactor * MathF.Max(MathF.Abs(min), MathF.Abs(max)))];
        _proposed = new float[command.Count];
        _baselineCommand = new float[command.Count];
        _emitted = new float[command.Count];
        _baseline.OpenLoop(SafetyAction.PowerCut, _input, _emitted);
        _emitted.CopyTo(_input.LastCommand);
        Action = SafetyAction.PowerCut;
        Causes = SafetyCauses.Disarmed;
        ValidateBaseline();
    }

    /// <summary>What the supervisor did in the last tick.</summary>
    public SafetyAction Action { get; private set; }

    /// <summary>Every cause in force in the last tick.</summary>
    public SafetyCauses Causes { get; private set; }

    /// <summary>Command channels clamped in the last tick, one bit each.</summary>
    public ulong ClampedMask { get; private set; }

    /// <summary>How far the stop in force has come; <see cref="BaselineRest.Moving"/> where none is.</summary>
    public BaselineRest Rest => Action switch
    {
        SafetyAction.PowerCut => BaselineRest.Unpowered,
        >= SafetyAction.ControlledStop => _baseline.Rest,
        _ => BaselineRest.Moving,
    };

    /// <summary>Who commanded in the last tick; <see cref="ActionSource.None"/> while power is cut.</summary>
    public ActionSource Authority => _authority;

    /// <summary>False where the sample of this tick must not reach a policy: stale, not finite, or its time wrong for too long.</summary>
    public bool PolicyMayAct { get; private set; }

    /// <summary>Tick counter, from 1.</summary>
    public long Tick { get; private set; }

    /// <summary>What the baseline sees in this tick: last good values and the last command. For controllers that fly a person's wishes.</summary>
    public BaselineInput Input => _input;

    /// <summary>What happened since start.</summary>
    public SafetyCounters Counters { get; } = new();

    /// <summary>Transitions, for the recorder.</summary>
    public SafetyJournal Journal { get; } = new();

    /// <summary>What robot.yaml declares.</summary>
    public SafetySettings Settings => _settings;

    /// <summary>Builds the supervisor from the sections <c>safety</c>, <c>baseline</c> and <c>arming</c> of robot.yaml.</summary>
    /// <remarks>Problems are added to the document; call <see cref="ConfigDocument.ThrowIfBad"/> before flying with what this returns.</remarks>
    public static SafetySupervisor Read(ConfigMap robotRoot, ChannelLayout state, ChannelLayout command, double controlPeriodS)
    {
        SafetySettings settings = SafetySettings.Read(robotRoot, state, command);
        IBaselineController baseline = BaselineControllers.Read(robotRoot, state, command, settings.Motion, controlPeriodS);
        return new SafetySupervisor(settings, baseline, state, command, controlPeriodS);
    }

    /// <summary>Judges the sample of this tick and repairs what it rejects. Called before the policy; <see cref="Filter"/> does it where nobody did.</summary>
    public void Inspect(SensorSample sample, long nowNs)
    {
        _inspectedTick = Tick + 1;
        try
        {
            _stateFlags = _gate.Inspect(sample, nowNs);
            PolicyMayAct = (_stateFlags & (SafetyCauses.StaleSample | SafetyCauses.NonFiniteSample | SafetyCauses.DriverFault)) == 0;
            _stateFlags |= _motion.Check(_input);
        }
#pragma warning disable CA1031 // whatever goes wrong in here must end in the baseline, never in the caller
        catch (Exception)
#pragma warning restore CA1031
        {
            _stateFlags = SafetyCauses.InternalFault;
            PolicyMayAct = false;
        }
    }

    /// <summary>Turns <paramref name="proposal"/> into the command of this tick. Never throws, never allocates.</summary>
    public SafeCommand Filter(Proposal? proposal, SensorSample sample, long nowNs)
    {
        if (_inspectedTick != Tick + 1)
            Inspect(sample, nowNs);
        Tick++;
        SafetyDecision decision;
        ActionSource source = proposal?.Source ?? ActionSource.None;
        try
        {
            SafetyCauses standing = Standing();
            SafetyCauses missing = CheckProposal(proposal, nowNs);
            // Where somebody said that no policy may act yet, its silence is no fault of its own.
            if ((standing & SafetyCauses.NoPolicy) != 0)
                missing &= ~SafetyCauses.MissingProposal;
            SafetyCauses flags = _stateFlags | standing | missing;
            flags |= RunBaseline();
            flags |= LimitProposal(flags, source, nowNs);
            decision = _rules.Decide(flags, _state, nowNs, source);
        }
#pragma warning disable CA1031 // filter failure gives the baseline, never the raw action (R21)
        catch (Exception)
#pragma warning restore CA1031
        {
            decision = _rules.Decide(Standing() | RunBaseline() | SafetyCauses.InternalFault, _state, nowNs, source);
        }
        SafetyAction action = Choose(decision);
        Remember(decision, action, proposal, nowNs);
        return new SafeCommand(_emitted, sample?.SampleTimeNs ?? long.MinValue, nowNs, Tick, action);
    }

    /// <summary>Validates the baseline controller; arming and every activation of a policy need it to hold (R20). Not for the tick: it may simulate.</summary>
    /// <returns>Null where it holds, otherwise what is wrong.</returns>
    public string? ValidateBaseline()
    {
        string? problem = _baseline.Validate();
        _baselineValidated = problem is null;
        return problem;
    }

    /// <summary>What the watching thread writes when the loop stands still: limp, and no power after <paramref name="cutAfterNs"/>. Call before the loop starts.</summary>
    public SafetyBackstop CreateBackstop(long cutAfterNs) => new(_baseline, _input, _command.Count, cutAfterNs);

    /// <summary>Tells of a condition that only somebody else can see: overrun, watchdog, lease, recorder, an exception in the tick. Acts in the next filter. Any thread.</summary>
    public void Report(SafetyCauses causes) => Interlocked.Or(ref _pending, (uint)causes);

    /// <summary>To be called when an episode starts. In a simulator, where the robot was put elsewhere, it clears what the old place caused; latches that need a person stay.</summary>
    public void OnEpisodeReset()
    {
        _state = _rules.AfterEpisode(_state, teleported: _settings.IsSimulated);
        _clampShare.Clear();
        if (_settings.IsSimulated)
            _baseline.Reset();
    }

    /// <summary>The device does not obey yet, whatever is sent: the baseline begins anew from where the robot is when it does. Control thread.</summary>
    public void RestartBaseline() => _baseline.Reset();

    private SafetyCauses Standing()
    {
        var flags = (SafetyCauses)Interlocked.Exchange(ref _pending, 0);
        if (Volatile.Read(ref _emergencyStopHeld))
            flags |= SafetyCauses.EmergencyStop;
        return _arming == ArmingState.Disarmed ? flags | SafetyCauses.Disarmed : flags;
    }

    private SafetyCauses CheckProposal(Proposal? proposal, long nowNs)
    {
        if (proposal is null || proposal.Source == ActionSource.None || proposal.Length != _proposed.Length || proposal.Values.Length < _proposed.Length)
            return SafetyCauses.MissingProposal;
        if (nowNs > proposal.DeadlineNs)
            return SafetyCauses.LateProposal;
        for (int i = 0; i < _proposed.Length; i++)
        {
            float value = proposal.Values[i];
            if (!(MathF.Abs(value) <= _absurd[i])) // false for NaN too
                return SafetyCauses.NonFiniteProposal;
            _proposed[i] = value;
        }
        return SafetyCauses.None;
    }

    // The baseline computes in every tick, so that it is ready in the very tick it is needed (R20).
    private SafetyCauses RunBaseline()
    {
        bool inCharge = Action is SafetyAction.Baseline or SafetyAction.ControlledStop or SafetyAction.SoftLimp;
        BaselineGoal goal = Action switch
        {
            SafetyAction.ControlledStop => BaselineGoal.Stop,
            SafetyAction.SoftLimp => BaselineGoal.Limp,
            _ => BaselineGoal.Hold,
        };
        _baselineStatus = BaselineStatus.Unable;
        try
        {
            _baselineStatus = _baseline.Compute(_input, goal, inCharge, _baselineCommand);
        }
#pragma warning disable CA1031 // a baseline that throws is one rung of the ladder, not the end of the tick
        catch (Exception)
#pragma warning restore CA1031
        {
            return SafetyCauses.BaselineFault;
        }
        foreach (float value in _baselineCommand)
        {
            if (!float.IsFinite(value))
                _baselineStatus = BaselineStatus.Unable;
        }
        bool excused = (_stateFlags & (SafetyCauses.StaleSample | SafetyCauses.DriverFault)) != 0;
        return _baselineStatus == BaselineStatus.Unable && !excused ? SafetyCauses.BaselineFault : SafetyCauses.None;
    }

    private SafetyCauses LimitProposal(SafetyCauses flags, ActionSource source, long nowNs)
    {
        ClampedMask = 0;
        if (_rules.Decide(flags, _state, nowNs, source).Action >= SafetyAction.Baseline)
            return SafetyCauses.None; // it will not be emitted
        SafetyCauses clamped = _limiter.Limit(_proposed, out ulong mask) | _edges.Limit(_input, _proposed, ref mask);
        ClampedMask = mask;
        return _clampShare.Add(mask != 0) ? clamped | SafetyCauses.ClampShare : clamped;
    }

    // The ladder: proposal, baseline, open-loop limp, power cut. Each rung needs less than the one above.
    private SafetyAction Choose(in SafetyDecision decision)
    {
        SafetyAction action = decision.Action;
        if (action is SafetyAction.Baseline or SafetyAction.ControlledStop && _baselineStatus == BaselineStatus.Unable)
            action = SafetyAction.SoftLimp;
        if (action < SafetyAction.Baseline)
        {
            _proposed.CopyTo(_emitted, 0);
            _limiter.Commit(_emitted);
            return action;
        }
        ClampedMask = 0;
        if (action < SafetyAction.SoftLimp || (action == SafetyAction.SoftLimp && _baselineStatus != BaselineStatus.Unable))
            _baselineCommand.CopyTo(_emitted, 0);
        else
            _baseline.OpenLoop(action, _input, _emitted);
        if (action < SafetyAction.PowerCut)
            _limiter.Limit(_emitted, out _);
        _limiter.Commit(_emitted);
        return action;
    }

    private void Remember(in SafetyDecision decision, SafetyAction action, Proposal? proposal, long nowNs)
    {
        ActionSource authority = action switch
        {
            SafetyAction.PowerCut => ActionSource.None,
            >= SafetyAction.Baseline => ActionSource.Baseline,
            _ => proposal?.Source ?? ActionSource.None,
        };
        if (action != Action || authority != _authority)
            Journal.Add(new SafetyTransition(Tick, nowNs, Action, action, decision.Causes, authority, proposal?.Policy ?? default));
        Count(action, decision.Causes, nowNs);
        _state = decision.State;
        _authority = authority;
        Action = action;
        Causes = decision.Causes;
        _emitted.CopyTo(_input.LastCommand);
        if (_arming == ArmingState.Armed && (_state.Latched & (_rules.Table.ClearAtReArm | _rules.Table.ClearNever)) != 0)
            _arming = ArmingState.Latched;
    }

    private void Count(SafetyAction action, SafetyCauses causes, long nowNs)
    {
        Counters.Ticks++;
        Counters.ClampedTicks += ClampedMask != 0 ? 1 : 0;
        if (_arming == ArmingState.Disarmed)
            return;
        Counters.Count(causes);
        if (action < SafetyAction.Baseline)
            return;
        Counters.InterventionTicks++;
        if (Action < SafetyAction.Baseline)
            Counters.Interventions++;
    }
}
