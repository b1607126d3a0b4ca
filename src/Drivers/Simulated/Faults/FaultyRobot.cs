using Robotics.Core;

namespace Robotics.Drivers;

/// <summary>A simulated robot that breaks by script: a driver around a driver, so that everything behind it meets faults as it would on hardware.</summary>
/// <remarks>Repeatable: a fault depends on the clock, the script and the seed alone. Control thread only; allocates nothing on the tick.</remarks>
public sealed class FaultyRobot : IRobotDriver, IResettableRobot, IRestingRobot, ICameraDriver
{
    private readonly IRobotDriver _robot;
    private readonly IActuatorFaults? _actuators;
    private FaultEvent[] _events = [];
    private readonly IClock _clock;
    private readonly SeededRandom _random;
    private readonly SensorSample _true;
    private readonly SampleHistory _history;
    private readonly float[] _held;
    private readonly long[] _heldTimes;
    private bool[] _wasActive = [];
    private long _startNs = long.MinValue;

    /// <summary>Breaks <paramref name="robot"/> by <paramref name="script"/>. Owns the robot.</summary>
    /// <exception cref="ArgumentException">The script breaks actuators and the robot has none that can be broken.</exception>
    public FaultyRobot(IRobotDriver robot, FaultScript script, IClock clock, ulong seed)
    {
        _robot = robot ?? throw new ArgumentNullException(nameof(robot));
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _actuators = robot as IActuatorFaults;
        _random = new SeededRandom(seed, "faults");
        _true = new SensorSample(robot.StateChannels);
        _history = new SampleHistory(robot.StateChannels.Count);
        _held = new float[robot.StateChannels.Count];
        _heldTimes = new long[robot.StateChannels.Count];
        Load(script);
    }

    /// <inheritdoc/>
    public ChannelLayout StateChannels => _robot.StateChannels;

    /// <inheritdoc/>
    public ChannelLayout CommandChannels => _robot.CommandChannels;

    /// <inheritdoc/>
    public double[] RestCommand => (_robot as IRestingRobot)?.RestCommand ?? new double[CommandChannels.Count];

    /// <inheritdoc/>
    public int ImageBytes => (_robot as ICameraDriver)?.ImageBytes ?? 0;

    /// <inheritdoc/>
    public void ReadImages(Span<byte> images) => (_robot as ICameraDriver)?.ReadImages(images);

    /// <summary>The sample without faults, for tests and critics.</summary>
    public SensorSample TrueSample => _true;

    /// <summary>Replaces the script; its times count from the next read. Not for the tick: it allocates.</summary>
    public void Load(FaultScript script)
    {
        ArgumentNullException.ThrowIfNull(script);
        if (_actuators is null && script.Events.Any(e => e.IsActuator))
            throw new ArgumentException($"{_robot.GetType().Name} has no actuators that can be broken", nameof(script));
        for (int channel = 0; _actuators is not null && channel < CommandChannels.Count; channel++)
            _actuators.SetActuator(channel, 1, double.NaN);
        _events = [.. script.Events];
        _wasActive = new bool[_events.Length];
        _startNs = long.MinValue;
    }

    /// <inheritdoc/>
    public ReadStatus Read(SensorSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ReadStatus status = _robot.Read(_true);
        long now = _clock.NowNs;
        if (_startNs == long.MinValue)
            _startNs = now;
        if (status == ReadStatus.Ok)
            _history.Add(_true);
        if (status is not ReadStatus.Ok || SampleIsLost(now - _startNs))
            return sample.Status = sample.Status == ReadStatus.Missing || status == ReadStatus.Faulted ? status : ReadStatus.Unchanged;
        _true.Values.CopyTo(sample.Values);
        _true.TimesNs.CopyTo(sample.TimesNs);
        sample.SampleTimeNs = _true.SampleTimeNs;
        sample.Sequence = _true.Sequence;
        for (int i = 0; i < _events.Length; i++)
            Apply(i, sample, now - _startNs);
        return sample.Status = ReadStatus.Ok;
    }

    /// <inheritdoc/>
    public WriteStatus Write(in SafeCommand command)
    {
        long since = _startNs == long.MinValue ? 0 : _clock.NowNs - _startNs;
        for (int i = 0; i < _events.Length; i++)
            BreakActuators(i, since);
        return _robot.Write(command);
    }

    /// <inheritdoc/>
    public void Reset(ReadOnlySpan<float> state)
    {
        _history.Clear(); // nothing late may come from where the robot was before
        (_robot as IResettableRobot)?.Reset(state);
    }

    /// <inheritdoc/>
    public void Dispose() => _robot.Dispose();

    private bool SampleIsLost(long since)
    {
        bool lost = false;
        foreach (FaultEvent e in _events)
        {
            if (e.IsActive(since) && (e.Kind is FaultKind.Drop or FaultKind.BrownOut))
                lost |= _random.NextDouble() < (e.Kind == FaultKind.Drop ? e.Probability : 0.5);
        }
        return lost;
    }

    private void Apply(int index, SensorSample sample, long since)
    {
        FaultEvent e = _events[index];
        if (e.IsActuator || e.Kind == FaultKind.Drop)
            return;
        bool active = e.IsActive(since);
        if (active && !_wasActive[index])
            Hold(e, sample);
        _wasActive[index] = active;
        if (!active)
            return;
        bool happens = e.Probability >= 1 || _random.NextDouble() < e.Probability;
        for (int k = 0; happens && k < e.Channels.Count; k++)
            Disturb(e, sample, e.Channels[k]);
    }

    private void Disturb(FaultEvent e, SensorSample sample, int i)
    {
        ref float value = ref sample.Values[i];
        ref long time = ref sample.TimesNs[i];
        switch (e.Kind)
        {
            case FaultKind.Freeze:
                (value, time) = (_held[i], _heldTimes[i]);
                break;
            case FaultKind.Stuck:
                value = _held[i];
                break;
            case FaultKind.Delay:
                (value, time) = _history.At(i, time - (long)(e.Amount * 1e9));
                break;
            case FaultKind.Duplicate:
                (value, time) = _history.Back(i, 1);
                break;
            case FaultKind.Reorder:
                (value, time) = _history.Back(i, 3);
                break;
            case FaultKind.Nan:
                value = float.NaN;
                break;
            case FaultKind.Bias or FaultKind.Spike:
                value += (float)e.Amount;
                break;
            case FaultKind.Noise:
                value += (float)(e.Amount * _random.NextGaussian());
                break;
            case FaultKind.ClockStep:
                time += (long)(e.Amount * 1e9);
                break;
            default:
                break; // actuator faults act in Write
        }
    }

    private void Hold(FaultEvent e, SensorSample sample)
    {
        foreach (int i in e.Channels)
        {
            _held[i] = sample.Values[i];
            _heldTimes[i] = sample.TimesNs[i];
        }
    }

    private void BreakActuators(int index, long since)
    {
        FaultEvent e = _events[index];
        bool active = e.IsActuator && e.IsActive(since);
        if (!e.IsActuator || active == _wasActive[index])
            return;
        _wasActive[index] = active;
        foreach (int channel in e.Channels)
        {
            bool stuck = active && e.Kind == FaultKind.StuckMotor;
            _actuators!.SetActuator(channel, active && !stuck ? e.Amount : 1, stuck ? e.Amount : double.NaN);
        }
    }
}
