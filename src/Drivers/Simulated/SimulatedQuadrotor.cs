using Robotics.Configuration;
using Robotics.Core;
using Robotics.Models;

namespace Robotics.Drivers;

/// <summary>A quadrotor that exists only as its equations: the same driver in lockstep (manual clock) and in real time.</summary>
/// <remarks>
/// Commanded by rotor set-points, or by body rates and collective thrust through the rate loop of a flight controller, which runs in every
/// integrator step (<c>driver.command: body_rates</c>).
/// <see cref="Read(SensorSample)"/> integrates in fixed steps up to the clock's time under the last written command, so a run depends on the
/// clock's values, the commands and the seed alone. Where no full step has passed since the last read, the read is
/// <see cref="ReadStatus.Unchanged"/>. The state is kept in double and handed out in float. Control thread only; allocates nothing.
/// </remarks>
public sealed class SimulatedQuadrotor : IRobotDriver, IResettableRobot, IRestingRobot, IActuatorFaults, ICameraDriver
{
    private readonly QuadrotorModel<double> _model;
    private readonly IClock _clock;
    private readonly SeededRandom _disturbance;
    private readonly double _forceStdN;
    private readonly double _torqueStdNM;
    private readonly double _stepS;
    private readonly long _stepNs;
    private readonly double _hoverSetpoint;
    private readonly QuadrotorRateLoop? _rateLoop;
    private readonly double[] _command = new double[QuadrotorParameters.RotorCount];
    private readonly double[] _setpoints = new double[QuadrotorParameters.RotorCount];
    private readonly double[] _gain = [1, 1, 1, 1];
    private readonly double[] _stuckAt = [double.NaN, double.NaN, double.NaN, double.NaN];
    private readonly SimulatedCamera[] _cameras = [];
    private QuadrotorState<double> _state;
    private long _timeNs;
    private long _sequence;
    private bool _fresh;
    private bool _commanded;

    /// <summary>A quadrotor at rest at the origin, rotors at hover, its first disturbance drawn from <paramref name="seed"/>.</summary>
    /// <param name="parameters">The airframe.</param>
    /// <param name="clock">How far <see cref="Read(SensorSample)"/> integrates.</param>
    /// <param name="settings">Step and disturbance.</param>
    /// <param name="seed">Of the disturbance.</param>
    public SimulatedQuadrotor(
        QuadrotorParameters parameters,
        IClock clock,
        SimulationSettings settings,
        ulong seed
    )
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(settings);
        _model = new QuadrotorModel<double>(parameters);
        _clock = clock;
        _disturbance = new SeededRandom(seed, "disturbance");
        _forceStdN = settings.ForceStdN;
        _torqueStdNM = settings.TorqueStdNM;
        _stepNs = (long)Math.Round(1e9 / settings.IntegratorRateHz);
        _hoverSetpoint = parameters.HoverSetpoint;
        _stepS = 1 / settings.IntegratorRateHz;
        StateChannels = QuadrotorChannels.State(parameters);
        _rateLoop = settings.MaxBodyRate > 0 ? new QuadrotorRateLoop(parameters) : null;
        CommandChannels = _rateLoop is null ? QuadrotorChannels.Command(parameters) : QuadrotorChannels.RateCommand(settings.MaxBodyRate);
        Span<float> allDefault = stackalloc float[QuadrotorChannels.StateCount];
        allDefault.Fill(float.NaN);
        Reset(allDefault);
    }

    /// <inheritdoc/>
    public ChannelLayout StateChannels { get; }

    /// <inheritdoc/>
    public ChannelLayout CommandChannels { get; }

    /// <summary>Its cameras, in the order of robot.yaml.</summary>
    public IReadOnlyList<SimulatedCamera> Cameras
    {
        get => _cameras;
        init => _cameras = [.. value];
    }

    /// <inheritdoc/>
    public int ImageBytes => _cameras.Sum(c => c.Bytes);

    /// <summary>The airframe.</summary>
    public QuadrotorParameters Parameters => _model.Parameters;

    /// <summary>Reads the <c>driver</c> and <c>airframe</c> sections of robot.yaml.</summary>
    public static SimulatedQuadrotor Read(ConfigMap driver, ConfigMap airframe, IClock clock, ulong seed) =>
        new(QuadrotorParameters.Read(airframe), clock, SimulationSettings.Read(driver), seed) { Cameras = SimulatedCamera.ReadAll(driver) };

    /// <inheritdoc/>
    /// <remarks>Rotors start at hover and keep the speed they were given until the first command; a disturbance component that is NaN
    /// is drawn from the driver's own generator. A NaN quaternion component makes the whole orientation the identity's.</remarks>
    public void Reset(ReadOnlySpan<float> state)
    {
        if (state.Length != QuadrotorChannels.StateCount)
            throw new ArgumentException($"{state.Length} values for {QuadrotorChannels.StateCount} state channels", nameof(state));
        _state = QuadrotorChannels.Unpack(state, QuadrotorState<double>.AtRest(_hoverSetpoint) with
        {
            DisturbanceForce = Draw(_forceStdN),
            DisturbanceTorque = Draw(_torqueStdNM),
        });
        for (int i = 0; i < _setpoints.Length; i++)
            _setpoints[i] = _state.RotorSpeed[i];
        _commanded = false;
        _timeNs = _clock.NowNs;
        _fresh = true;
    }

    /// <inheritdoc/>
    public ReadStatus Read(SensorSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        long now = _clock.NowNs;
        while (now - _timeNs >= _stepNs)
        {
            if (_rateLoop is not null && _commanded)
                _rateLoop.Solve(new(_command[0], _command[1], _command[2]), _command[3], _state.AngularVelocity, _setpoints);
            _model.Step(ref _state, _setpoints, _stepS);
            _timeNs += _stepNs;
            _fresh = true;
        }
        if (!_fresh)
            return sample.Status = ReadStatus.Unchanged;
        _fresh = false;
        QuadrotorChannels.Pack(_state, sample.Values);
        sample.Stamp(_timeNs);
        sample.Sequence = ++_sequence;
        return sample.Status = ReadStatus.Ok;
    }

    /// <inheritdoc/>
    public WriteStatus Write(in SafeCommand command)
    {
        if (!command.IsValid || command.Values.Length != _setpoints.Length)
            return WriteStatus.Refused;
        for (int i = 0; i < _command.Length; i++)
            _command[i] = double.IsNaN(_stuckAt[i]) ? _gain[i] * command.Values[i] : _stuckAt[i];
        bool powered = command.Action < SafetyAction.PowerCut;
        _commanded = powered; // a rate loop without power is no loop
        if (_rateLoop is null)
            _command.CopyTo(_setpoints, 0);
        // Cut power stops the motors; the lag of the rotors still applies.
        if (!powered)
            _setpoints.AsSpan().Fill(Parameters.CommandMinimum);
        return WriteStatus.Ok;
    }

    /// <inheritdoc/>
    public void ReadImages(Span<byte> images)
    {
        foreach (SimulatedCamera camera in _cameras)
        {
            camera.Draw(_state.Position, _state.Orientation, images[..camera.Bytes]);
            images = images[camera.Bytes..];
        }
    }

    /// <inheritdoc/>
    public double[] RestCommand =>
        _rateLoop is null ? [.. Enumerable.Repeat(Parameters.HoverSetpoint, QuadrotorParameters.RotorCount)] : [0, 0, 0, _rateLoop.HoverThrust];

    /// <inheritdoc/>
    public void SetActuator(int channel, double gain, double stuckAt)
    {
        _gain[channel] = gain;
        _stuckAt[channel] = stuckAt;
    }

    /// <summary>Nothing to release.</summary>
    public void Dispose() { }

    private Vector3<double> Draw(double std) =>
        new(std * _disturbance.NextGaussian(), std * _disturbance.NextGaussian(), std * _disturbance.NextGaussian());
}
