using Robotics.Core;
using Robotics.Models;

namespace Robotics.Tasks;

/// <summary>A simulated person at the insertion task: watches the policy, takes over when it is about to fail, drives, hands back.</summary>
/// <remarks>
/// <para>Way to go, m: D = lateral error + height over the goal depth + yaw error, a full step of yaw counted like a full step of way.
/// About to fail: no progress for a while, carried off, or too little time left at the pace of a person. It decides once per policy
/// period, counted from the episode's beginning, so that take-over and hand-back fall on step boundaries.</para>
/// <para>It drives as <see cref="InsertionExpert"/> would from where it believes the hole to be, with the noise of a hand. Where it presses on the
/// plate beside the hole it lifts and looks again. Control thread only; allocates nothing; repeatable by seed.</para>
/// </remarks>
public sealed class SimulatedHuman : IProposalSource, IEpisodeListener
{
    private const double GoalDepthM = 0.015; // where the task counts it as inserted
    private const double PacePerStep = 0.5; // of a full step of way, what a person makes on average; decides when time gets short
    private const int SpareSteps = 10;
    private const int StuckSteps = 4;
    private const int LiftSteps = 3;
    private const double LiftAction = 0.3;
    private const double PressedM = -0.001; // above this the peg is on the plate, not in the hole

    private readonly SimulatedHumanSettings _settings;
    private readonly SeededRandom _random;
    private readonly int _ticksPerStep;
    private readonly int _horizon;
    private readonly int _reaction, _patience, _minHold;
    private readonly double[] _scale;
    private readonly double _stepM, _stepRad;
    private readonly double[] _action = new double[ArmChannels.CommandCount];
    private double _seenX, _seenY, _seenYaw;
    private double _reference, _atTakeOver;
    private int _referenceStep, _takeOverAt, _tookOverAt, _pressed, _lifting;
    private long _tick, _sequence;
    private bool _isDriving;

    /// <summary>A person in front of an arm with <paramref name="command"/> channels.</summary>
    /// <param name="settings">How it sees, drives and judges.</param>
    /// <param name="state">The robot's state channels; must be a simulated arm's.</param>
    /// <param name="command">The robot's command channels.</param>
    /// <param name="ticksPerStep">Control ticks in one policy period.</param>
    /// <param name="policyRateHz">Policy periods per second.</param>
    /// <param name="horizon">Time limit of the task, policy steps.</param>
    /// <param name="seed">Of its noise.</param>
    public SimulatedHuman(
        SimulatedHumanSettings settings, ChannelLayout state, ChannelLayout command, int ticksPerStep, double policyRateHz, int horizon, ulong seed)
    {
        _settings = settings ?? throw new ArgumentNullException(nameof(settings));
        ArgumentNullException.ThrowIfNull(command);
        if (!Fits(state, command))
            throw new ArgumentException("a simulated person needs the channels of a simulated arm", nameof(state));
        _random = new SeededRandom(seed, "human");
        _ticksPerStep = ticksPerStep;
        _horizon = horizon;
        _reaction = (int)Math.Round(settings.ReactionS * policyRateHz);
        _patience = Math.Max(1, (int)Math.Round(settings.PatienceS * policyRateHz));
        _minHold = (int)Math.Round(settings.MinHoldS * policyRateHz);
        _scale = [.. command.Select(c => c.Maximum)];
        (_stepM, _stepRad) = (_scale[0] / policyRateHz, _scale[3] / policyRateHz);
    }

    /// <summary>True while it commands.</summary>
    public bool IsDriving => _isDriving;

    /// <summary>Times it took over.</summary>
    public long TakeOvers { get; private set; }

    /// <summary>True for a robot whose peg and hole it can see and whose tip it can move.</summary>
    public static bool Fits(ChannelLayout state, ChannelLayout command)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(command);
        return state.IndexOf(ChannelNames.PegToHole[0]) == ArmChannels.PegToHole && command.Count == ArmChannels.CommandCount
            && command[0].Name == ChannelNames.VelocitySetpoint[0];
    }

    /// <inheritdoc/>
    public void OnEpisodeBegins(SensorSample sample)
    {
        _tick = 0;
        _takeOverAt = int.MaxValue;
        _isDriving = false;
        _pressed = _lifting = 0;
        Note(WayToGo(sample), step: 0);
        if (_settings.Demonstrates)
            TakeOver(_reference, step: 0);
    }

    /// <inheritdoc/>
    public bool TryPropose(long nowNs, SensorSample sample, Proposal proposal)
    {
        if (_tick % _ticksPerStep == 0)
            Decide(sample, (int)(_tick / _ticksPerStep));
        _tick++;
        if (!_isDriving)
            return false;
        for (int i = 0; i < _action.Length; i++)
            proposal.Values[i] = (float)(_action[i] * _scale[i]);
        proposal.Length = _action.Length;
        proposal.Source = ActionSource.Human;
        proposal.SampleTimeNs = sample.SampleTimeNs;
        proposal.Sequence = ++_sequence;
        return true;
    }

    private void Decide(SensorSample sample, int step)
    {
        double way = WayToGo(sample);
        if (!_isDriving)
            Watch(way, step);
        else if (MayHandBack(way, step))
            HandBack(way, step);
        if (_isDriving)
            Drive(sample);
    }

    private void Watch(double way, int step)
    {
        if (way < _reference - _settings.ProgressM)
            Note(way, step);
        bool failing = step - _referenceStep >= _patience || way > _reference + _settings.StrayM || IsLate(way, step);
        if (failing && _takeOverAt == int.MaxValue)
            _takeOverAt = step + _reaction;
        if (step >= _takeOverAt)
            TakeOver(way, step);
    }

    private bool IsLate(double way, int step) => _horizon - step < (way / (PacePerStep * _stepM)) + SpareSteps;

    private bool MayHandBack(double way, int step) =>
        !_settings.Demonstrates && step - _tookOverAt >= _minHold && way <= _settings.HandBackShare * _atTakeOver && !IsLate(way, step);

    private void TakeOver(double way, int step)
    {
        _isDriving = true;
        _tookOverAt = step;
        _atTakeOver = way;
        _pressed = _lifting = 0;
        TakeOvers++;
        Look();
    }

    private void HandBack(double way, int step)
    {
        _isDriving = false;
        _takeOverAt = int.MaxValue;
        Note(way, step);
    }

    private void Note(double way, int step) => (_reference, _referenceStep) = (way, step);

    private void Look()
    {
        _seenX = _settings.PerceptionStdM * _random.NextGaussian();
        _seenY = _settings.PerceptionStdM * _random.NextGaussian();
        _seenYaw = _settings.PerceptionStdRad * _random.NextGaussian();
    }

    private void Drive(SensorSample sample)
    {
        ReadOnlySpan<float> peg = sample.Values[ArmChannels.PegToHole..];
        _pressed = sample.Values[ArmChannels.Contact] > 0 && peg[2] > PressedM ? _pressed + 1 : 0;
        if (_pressed >= StuckSteps)
        {
            _lifting = LiftSteps;
            _pressed = 0;
            Look();
        }
        InsertionExpert.Act(peg[0] + _seenX, peg[1] + _seenY, peg[2], peg[3] + _seenYaw, _stepM, _stepRad, _action);
        if (_lifting-- > 0)
            (_action[0], _action[1], _action[2], _action[3]) = (0, 0, LiftAction, 0);
        for (int i = 0; i < _action.Length; i++)
        {
            double meant = Math.Clamp(_action[i], -_settings.Speed, _settings.Speed);
            double noise = ((_settings.ActionNoise * Math.Abs(meant)) + _settings.Tremor) * _random.NextGaussian();
            _action[i] = Math.Clamp(meant + noise, -1, 1);
        }
    }

    private double WayToGo(SensorSample sample)
    {
        ReadOnlySpan<float> peg = sample.Values[ArmChannels.PegToHole..];
        double lateral = Math.Sqrt(((double)peg[0] * peg[0]) + ((double)peg[1] * peg[1]));
        return lateral + Math.Max(0, peg[2] + GoalDepthM) + (_stepM / _stepRad * Math.Abs(peg[3]));
    }
}
