using Robotics.Core;
using Robotics.Models;

namespace Robotics.Safety;

/// <summary>Flies the quadrotor baseline in the airframe's own model from a state of the recoverable set: the proof behind <see cref="QuadrotorBaseline.Validate"/> and the tests.</summary>
/// <remarks>Not for the tick. Not thread-safe.</remarks>
public sealed class RecoveryTrial
{
    private const double RestSpeed = 0.2; // m/s
    private const double RestTiltCosine = 0.985; // 10 degrees
    private const double RateLoopPeriodS = 0.0025; // 400 Hz: the slowest rate loop of a flight controller
    private const double Reserve = 1.5; // s flown beyond the declared time, to see that it stays at rest

    private static readonly ChannelLayout s_state = new([
        .. ChannelNames.Position.Select(n => new Channel(n, "m")),
        .. ChannelNames.Orientation.Select(n => new Channel(n, "1")),
        .. ChannelNames.LinearVelocity.Select(n => new Channel(n, "m/s")),
        .. ChannelNames.AngularVelocity.Select(n => new Channel(n, "rad/s")),
    ]);

    private readonly QuadrotorParameters _parameters;
    private readonly QuadrotorModel<double> _model;
    private readonly QuadrotorBaselineSettings _settings;
    private readonly IBaselineController _baseline;
    private readonly QuadrotorRateLoop? _rateLoop;
    private readonly BaselineInput _input = new(s_state.Count, QuadrotorParameters.RotorCount);
    private readonly float[] _command = new float[QuadrotorParameters.RotorCount];
    private readonly bool _knowsVelocity = true;
    private readonly double[] _setpoints = new double[QuadrotorParameters.RotorCount];
    private readonly double _periodS;

    /// <summary>Trials of the rate baseline on the airframe <paramref name="parameters"/> behind our own rate loop; the robot's channels say what it knows and takes.</summary>
    public RecoveryTrial(QuadrotorParameters parameters, QuadrotorBaselineSettings settings, double periodS, ChannelLayout state, ChannelLayout command)
    {
        _parameters = parameters ?? throw new ArgumentNullException(nameof(parameters));
        _settings = settings ?? throw new ArgumentNullException(nameof(settings));
        ArgumentNullException.ThrowIfNull(state);
        _periodS = periodS;
        _model = new QuadrotorModel<double>(parameters);
        _rateLoop = new QuadrotorRateLoop(parameters);
        _knowsVelocity = state.TryIndicesOf(ChannelNames.LinearVelocity) is not null;
        ChannelLayout known = _knowsVelocity ? s_state : new ChannelLayout(s_state.Select(c => IsOfMotion(c) ? c with { Name = "unknown." + c.Name } : c));
        _baseline = new QuadrotorRateBaseline(settings, known, command, new MotionLimits(), periodS, proof: null);
        _input.Fresh.Fill(true);
    }

    /// <summary>Trials of the airframe <paramref name="parameters"/> in a loop of <paramref name="periodS"/>.</summary>
    public RecoveryTrial(QuadrotorParameters parameters, QuadrotorBaselineSettings settings, double periodS)
    {
        _parameters = parameters ?? throw new ArgumentNullException(nameof(parameters));
        _settings = settings ?? throw new ArgumentNullException(nameof(settings));
        _periodS = periodS;
        _model = new QuadrotorModel<double>(parameters);
        var commands = new ChannelLayout(ChannelNames.Rotors.Select(n => new Channel(n, parameters.CommandUnit, parameters.CommandMinimum, parameters.CommandMaximum)));
        _baseline = new QuadrotorBaseline(QuadrotorAirframe.From(parameters), settings, s_state, commands, new MotionLimits(), periodS);
        _input.Fresh.Fill(true);
    }

    /// <summary>One recovery from a state drawn over the set, or from one of its corners (every limit at its edge).</summary>
    public Recovery Run(SeededRandom random, bool corner)
    {
        ArgumentNullException.ThrowIfNull(random);
        _baseline.Reset();
        QuadrotorState<double> vehicle = Draw(random, corner);
        for (int i = 0; i < _command.Length && _rateLoop is null; i++)
            _input.LastCommand[i] = (float)vehicle.RotorSpeed[i];
        double settled = 0;
        double drift = 0;
        int ticks = (int)((_settings.Recoverable.Settle + Reserve) / _periodS);
        for (int k = 0; k < ticks; k++)
        {
            Observe(vehicle);
            _baseline.Compute(_input, BaselineGoal.Hold, inCharge: k > 0, _command);
            _command.CopyTo(_input.LastCommand);
            Move(ref vehicle);
            drift = Math.Max(drift, Norm(vehicle.Position));
            double upright = 1 - (2 * ((vehicle.Orientation.X * vehicle.Orientation.X) + (vehicle.Orientation.Y * vehicle.Orientation.Y)));
            if ((_knowsVelocity && Norm(vehicle.LinearVelocity) > RestSpeed) || upright < RestTiltCosine)
                settled = (k + 1) * _periodS;
        }
        return new Recovery(settled, drift);
    }

    /// <summary>Flies every corner case of <paramref name="runs"/> draws; null where all came to rest as declared.</summary>
    public string? Prove(ulong seed, int runs)
    {
        var random = new SeededRandom(seed, "recovery");
        for (int run = 0; run < runs; run++)
        {
            Recovery recovery = Run(random, corner: true);
            // A vehicle that knows no velocity only promises to come level.
            if (recovery.SettledAfterS > _settings.Recoverable.Settle || (_knowsVelocity && recovery.DriftM > _settings.Recoverable.Drift))
            {
                return FormattableString.Invariant(
                    $"from a corner of baseline.recoverable it settled after {recovery.SettledAfterS:F1} s and drifted {recovery.DriftM:F1} m; declared are {_settings.Recoverable.Settle} s and {_settings.Recoverable.Drift} m (seed {seed}, run {run})");
            }
        }
        return null;
    }

    // A flight controller runs its rate loop many times in one of our periods.
    private void Move(ref QuadrotorState<double> vehicle)
    {
        int steps = _rateLoop is null ? 1 : (int)Math.Ceiling(_periodS / RateLoopPeriodS);
        for (int k = 0; k < steps; k++)
        {
            if (_rateLoop is null)
            {
                for (int i = 0; i < _command.Length; i++)
                    _setpoints[i] = _command[i];
            }
            else
            {
                _rateLoop.Solve(new(_command[0], _command[1], _command[2]), _command[3], vehicle.AngularVelocity, _setpoints);
            }
            _model.Step(ref vehicle, _setpoints, _periodS / steps);
        }
    }

    private static bool IsOfMotion(Channel channel) =>
        ChannelNames.Position.Contains(channel.Name, StringComparer.Ordinal) || ChannelNames.LinearVelocity.Contains(channel.Name, StringComparer.Ordinal);

    private QuadrotorState<double> Draw(SeededRandom random, bool corner)
    {
        RecoverableSet set = _settings.Recoverable;
        double Scale(double limit) => corner ? limit : limit * random.NextDouble();
        QuadrotorState<double> s = QuadrotorState<double>.AtRest(_parameters.HoverSetpoint);
        double half = 0.5 * Scale(set.MaxTilt);
        double heading = random.NextUniform(-Math.PI, Math.PI);
        double yaw = 0.5 * random.NextUniform(-Math.PI, Math.PI);
        // yaw ⊗ tilt about a horizontal axis
        double w = Math.Cos(half);
        double x = Math.Sin(half) * Math.Cos(heading);
        double y = Math.Sin(half) * Math.Sin(heading);
        s.Orientation = new(w * Math.Cos(yaw), (x * Math.Cos(yaw)) - (y * Math.Sin(yaw)), (y * Math.Cos(yaw)) + (x * Math.Sin(yaw)), w * Math.Sin(yaw));
        s.LinearVelocity = Direction(random, Scale(set.MaxSpeed));
        s.AngularVelocity = Direction(random, Scale(set.MaxAngularSpeed));
        double range = _parameters.CommandMaximum - _parameters.CommandMinimum;
        for (int i = 0; i < _setpoints.Length; i++)
            s.RotorSpeed[i] = Math.Clamp(_parameters.HoverSetpoint + (range * random.NextUniform(-set.RotorSpread, set.RotorSpread)), _parameters.CommandMinimum, _parameters.CommandMaximum);
        return s;
    }

    private void Observe(QuadrotorState<double> s)
    {
        Span<float> v = _input.Values;
        (v[0], v[1], v[2]) = ((float)s.Position.X, (float)s.Position.Y, (float)s.Position.Z);
        (v[3], v[4], v[5], v[6]) = ((float)s.Orientation.W, (float)s.Orientation.X, (float)s.Orientation.Y, (float)s.Orientation.Z);
        (v[7], v[8], v[9]) = ((float)s.LinearVelocity.X, (float)s.LinearVelocity.Y, (float)s.LinearVelocity.Z);
        (v[10], v[11], v[12]) = ((float)s.AngularVelocity.X, (float)s.AngularVelocity.Y, (float)s.AngularVelocity.Z);
    }

    private static Vector3<double> Direction(SeededRandom random, double length)
    {
        var v = new Vector3<double>(random.NextGaussian(), random.NextGaussian(), random.NextGaussian());
        return length / Math.Max(Norm(v), 1e-9) * v;
    }

    private static double Norm(Vector3<double> v) => Math.Sqrt((v.X * v.X) + (v.Y * v.Y) + (v.Z * v.Z));
}
