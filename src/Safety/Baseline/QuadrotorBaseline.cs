using Robotics.Core;

namespace Robotics.Safety;

/// <summary>Hovers, brakes and lands a quadrotor from any state in its declared recoverable set.</summary>
/// <remarks>
/// <para>A cascade, each loop about three times slower than the one inside it:
/// position → velocity v* = √-profile(p* − p); velocity → acceleration a* = k_v(v* − v) + i; a* + g → direction b₃* and thrust
/// f = m(a* + g)·b₃; tilt error → rate ω* = k_R·angle·axis; rate → torque τ = J k_ω(ω* − ω) + ω × Jω; torque, thrust → rotors.</para>
/// <para>Rotors lag (up to 0.25 s on real vehicles): a model of each rotor, driven by the emitted commands, gives the estimate û, and
/// the set-point û + L(u* − û) makes the lag act L times faster until the limits bind. With τ the remaining lag, k_ω = 1/(2τ) and
/// k_R = 1/(8τ): poles of s³ + s²/τ + s/(2τ²) + 1/(16τ³), damping above 0.6.</para>
/// <para>Body frame x forward, y left, z up; quaternion body to world. Control thread only; allocates nothing.</para>
/// </remarks>
public sealed class QuadrotorBaseline : IBaselineController
{
    private const int Rotors = 4;
    private const double LargestVelocityGain = 2.5; // 1/s: faster brings nothing once the tilt limit binds
    private const double LoopRatio = 3; // each loop that much slower than the one inside it
    private const double RestSpeed = 0.25; // m/s: slower than this counts as stopped
    private const double LimpThrust = 0.85; // of the weight: sinks at 1.5 m/s² until drag or ground
    private const double LargestTurn = 10.0; // rad/s: a flip back takes 0.4 s; gyros of small vehicles end at 35
    private const double ThrustWhileTilted = 0.6; // of the wanted lift, however tilted: rotors near standstill give no torque
    private const double LeastThrustToWeight = 1.2; // below, nothing is left for attitude while hovering
    private const double LargestLead = 12.0; // more brings nothing within one control period of 10 ms

    private readonly QuadrotorAirframe _airframe;
    private readonly QuadrotorBaselineSettings _settings;
    private readonly RotorMixer _mixer;
    private readonly int[] _position;
    private readonly int[] _orientation;
    private readonly int[] _velocity;
    private readonly int[] _angularVelocity;
    private readonly int[] _rotors;
    private readonly double[] _holdMin = [double.NegativeInfinity, double.NegativeInfinity, double.NegativeInfinity];
    private readonly double[] _holdMax = [double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity];
    private readonly double _periodS;
    private readonly double _lag;
    private readonly double _yawLead;
    private readonly double _velocityGain;
    private readonly double _integralGain;
    private readonly double _positionGain;
    private readonly double _horizontalAcceleration;
    private readonly double _verticalAcceleration;
    private readonly double _angularAcceleration;
    private readonly double[] _rotorEstimate = new double[Rotors];
    private readonly double[] _hold = new double[3];
    private readonly double[] _integral = new double[3];
    private readonly Func<string?>? _proof;
    private bool _estimating;
    private bool _holding;
    private bool _landing;
    private bool _landed;

    /// <summary>A controller for <paramref name="airframe"/> in a loop of <paramref name="periodS"/>; <paramref name="proof"/> is flown by <see cref="Validate"/>.</summary>
    /// <exception cref="ArgumentException">A body or rotor channel is missing: this baseline cannot fly such a robot.</exception>
    public QuadrotorBaseline(QuadrotorAirframe airframe, QuadrotorBaselineSettings settings, ChannelLayout state, ChannelLayout command, MotionLimits motion, double periodS, Func<string?>? proof = null)
    {
        _proof = proof;
        _airframe = airframe ?? throw new ArgumentNullException(nameof(airframe));
        _settings = settings ?? throw new ArgumentNullException(nameof(settings));
        ArgumentNullException.ThrowIfNull(motion);
        _position = Need(state, ChannelNames.Position);
        _orientation = Need(state, ChannelNames.Orientation);
        _velocity = Need(state, ChannelNames.LinearVelocity);
        _angularVelocity = Need(state, ChannelNames.AngularVelocity);
        _rotors = Need(command, ChannelNames.Rotors);
        _periodS = periodS;
        double slowest = Math.Max(airframe.RiseTime, airframe.FallTime);
        _lag = Math.Max(slowest / LargestLead, Math.Max(1.5 * periodS, 0.015));
        _yawLead = (3 * _lag) + periodS; // lag of the rate loop and of the rotors, and the sample's age
        _velocityGain = Math.Min(LargestVelocityGain, 1 / (8 * _lag * LoopRatio));
        _integralGain = _velocityGain * _velocityGain / 4; // critically damped with the velocity loop
        _positionGain = _velocityGain / LoopRatio;
        double min = Math.Max(0, airframe.Thrust(airframe.MinSetPoint));
        double max = airframe.Thrust(airframe.MaxSetPoint);
        _mixer = new RotorMixer(airframe.X, airframe.Y, airframe.YawPerThrust, min, max);
        double spare = Math.Max(0.05, (Rotors * max / airframe.Weight) - 1);
        _verticalAcceleration = airframe.Gravity * Math.Min(0.5, 0.8 * spare); // the rest keeps the attitude
        _horizontalAcceleration = Math.Min(airframe.Gravity * Math.Tan(settings.MaxTilt), airframe.Gravity * Math.Sqrt((1 + (0.8 * spare)) * (1 + (0.8 * spare)) - 1));
        _angularAcceleration = AngularAuthority(airframe, min, max);
        KeepInside(motion.Cage);
    }

    /// <summary>The states this controller promises to recover from.</summary>
    public RecoverableSet Recoverable => _settings.Recoverable;

    /// <inheritdoc/>
    public string? Validate()
    {
        double range = _airframe.MaxSetPoint - _airframe.MinSetPoint;
        for (int i = 0; i < 100; i++)
        {
            double u = _airframe.MinSetPoint + (range * i / 100);
            if (_airframe.Thrust(u + (range / 100)) < _airframe.Thrust(u))
                return $"the thrust curve falls between set-points {u:G4} and {u + (range / 100):G4}; it must grow";
        }
        double full = Rotors * _airframe.Thrust(_airframe.MaxSetPoint);
        if (full < LeastThrustToWeight * _airframe.Weight)
            return $"all rotors give {full:G4} N, less than {LeastThrustToWeight} times the weight of {_airframe.Weight:G4} N";
        Span<double> thrusts = stackalloc double[Rotors];
        _mixer.Mix(_airframe.Weight, [1e-3, 1e-3, 1e-3], thrusts);
        foreach (double thrust in thrusts)
        {
            if (!double.IsFinite(thrust))
                return "the rotors cannot make torque about every axis: check their positions and directions";
        }
        return _proof?.Invoke();
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _estimating = false;
        Release();
    }

    /// <inheritdoc/>
    public BaselineStatus Compute(BaselineInput input, BaselineGoal goal, bool inCharge, Span<float> command)
    {
        ArgumentNullException.ThrowIfNull(input);
        EstimateRotors(input.LastCommand);
        if (!input.AreFresh(_orientation) || !input.AreFresh(_angularVelocity))
            return BaselineStatus.Unable;
        Span<double> acceleration = stackalloc double[3];
        BaselineStatus status = Guide(input, goal, inCharge, acceleration);
        if (_landed && goal == BaselineGoal.Stop)
        {
            OpenLoop(SafetyAction.PowerCut, input, command);
            return status;
        }
        Fly(input, acceleration, command);
        return status;
    }

    /// <inheritdoc/>
    public void OpenLoop(SafetyAction action, BaselineInput input, Span<float> command)
    {
        double u = action >= SafetyAction.PowerCut ? _airframe.MinSetPoint : _airframe.SetPoint(LimpThrust * _airframe.Weight / Rotors);
        foreach (int rotor in _rotors)
            command[rotor] = (float)u;
    }

    // Position and velocity loops: the acceleration wanted in the world frame, m/s².
    private BaselineStatus Guide(BaselineInput input, BaselineGoal goal, bool inCharge, Span<double> acceleration)
    {
        if (!input.AreFresh(_velocity))
        {
            acceleration.Clear();
            acceleration[2] = -0.05 * _airframe.Gravity; // blind: level, and sink gently rather than climb
            return BaselineStatus.Degraded;
        }
        bool knowsPlace = input.AreFresh(_position);
        if (!inCharge)
            Release();
        else if (!_holding && knowsPlace)
            Take(input);
        Span<double> wanted = stackalloc double[3];
        for (int i = 0; i < 3; i++)
            wanted[i] = _holding && knowsPlace ? Approach(_hold[i] - input.Values[_position[i]], Limit(i)) : 0;
        Descend(input, goal, knowsPlace, wanted);
        Track(input, inCharge, wanted, acceleration);
        return knowsPlace ? BaselineStatus.Ok : BaselineStatus.Degraded;
    }

    private void Descend(BaselineInput input, BaselineGoal goal, bool knowsPlace, Span<double> wanted)
    {
        if (goal == BaselineGoal.Limp || !knowsPlace)
        {
            wanted[2] = -_settings.Descent;
            return;
        }
        if (goal != BaselineGoal.Stop || double.IsNaN(_settings.Ground))
            return;
        _landing |= Speed(input) < RestSpeed;
        _landed |= _landing && input.Values[_position[2]] <= _settings.Ground + 0.05; // 5 cm: landing gear
        if (_landing)
            wanted[2] = -_settings.Descent;
    }

    private void Track(BaselineInput input, bool inCharge, ReadOnlySpan<double> wanted, Span<double> acceleration)
    {
        for (int i = 0; i < 3; i++)
        {
            double error = wanted[i] - input.Values[_velocity[i]];
            double limit = Limit(i);
            if (inCharge && Math.Abs(error) * _velocityGain < limit)
                _integral[i] = Math.Clamp(_integral[i] + (_integralGain * error * _periodS), -0.5 * limit, 0.5 * limit);
            acceleration[i] = (_velocityGain * error) + _integral[i];
        }
        acceleration[2] = Math.Clamp(acceleration[2], -0.5 * _airframe.Gravity, _verticalAcceleration);
        double horizontal = Math.Sqrt((acceleration[0] * acceleration[0]) + (acceleration[1] * acceleration[1]));
        double shrink = Math.Min(1, _horizontalAcceleration / Math.Max(horizontal, 1e-9));
        acceleration[0] *= shrink;
        acceleration[1] *= shrink;
    }

    // Attitude, rate and rotor loops.
    private void Fly(BaselineInput input, ReadOnlySpan<double> acceleration, Span<float> command)
    {
        Span<double> axis = stackalloc double[3]; // wanted thrust direction, world, then body
        Span<double> torque = stackalloc double[3];
        Span<double> thrusts = stackalloc double[Rotors];
        axis[0] = acceleration[0];
        axis[1] = acceleration[1];
        axis[2] = acceleration[2] + _airframe.Gravity;
        double up = axis[2];
        double along = ToBody(input, axis);
        double collective = _airframe.Mass * Math.Max(along, ThrustWhileTilted * up);
        Turn(input, axis, torque);
        _mixer.Mix(collective, torque, thrusts);
        for (int i = 0; i < Rotors; i++)
            command[_rotors[i]] = (float)Lead(_rotorEstimate[i], _airframe.SetPoint(thrusts[i]));
    }

    // Rotates the wanted acceleration into the body, normalises it, and returns its part along the body's z axis, m/s².
    private double ToBody(BaselineInput input, Span<double> a)
    {
        double w = input.Values[_orientation[0]];
        double x = input.Values[_orientation[1]];
        double y = input.Values[_orientation[2]];
        double z = input.Values[_orientation[3]];
        double bx = ((1 - (2 * ((y * y) + (z * z)))) * a[0]) + (2 * ((x * y) + (w * z)) * a[1]) + (2 * ((x * z) - (w * y)) * a[2]);
        double by = (2 * ((x * y) - (w * z)) * a[0]) + ((1 - (2 * ((x * x) + (z * z)))) * a[1]) + (2 * ((y * z) + (w * x)) * a[2]);
        double bz = (2 * ((x * z) + (w * y)) * a[0]) + (2 * ((y * z) - (w * x)) * a[1]) + ((1 - (2 * ((x * x) + (y * y)))) * a[2]);
        double norm = Math.Max(Math.Sqrt((bx * bx) + (by * by) + (bz * bz)), 1e-9);
        a[0] = bx / norm;
        a[1] = by / norm;
        a[2] = bz / norm;
        return bz;
    }

    private void Turn(BaselineInput input, ReadOnlySpan<double> direction, Span<double> torque)
    {
        double rateGain = 1 / (2 * _lag);
        double sine = Math.Sqrt((direction[0] * direction[0]) + (direction[1] * direction[1]));
        double angle = Math.Atan2(sine, direction[2]);
        double turn = Math.Min(Math.Min(angle / (8 * _lag), Math.Sqrt(_angularAcceleration * angle)), LargestTurn);
        // z × direction = (−d_y, d_x, 0); exactly upside down any axis will do.
        double ax = sine > 1e-6 ? -direction[1] / sine : 1;
        double ay = sine > 1e-6 ? direction[0] / sine : 0;
        double p = input.Values[_angularVelocity[0]];
        double q = input.Values[_angularVelocity[1]];
        double r = input.Values[_angularVelocity[2]];
        // While the body yaws, an axis fixed in the world turns by −r in it: act on where it will be when the torque does (else it precesses).
        (double sin, double cos) = Math.SinCos(r * _yawLead);
        (ax, ay) = ((cos * ax) + (sin * ay), (cos * ay) - (sin * ax));
        double[] inertia = _airframe.Inertia;
        torque[0] = (inertia[0] * rateGain * ((turn * ax) - p)) + ((inertia[2] - inertia[1]) * q * r);
        torque[1] = (inertia[1] * rateGain * ((turn * ay) - q)) + ((inertia[0] - inertia[2]) * r * p);
        torque[2] = (inertia[2] * rateGain * 0.5 * -r) + ((inertia[1] - inertia[0]) * p * q);
    }

    private double Lead(double estimate, double wanted)
    {
        double time = wanted >= estimate ? _airframe.RiseTime : _airframe.FallTime;
        double lead = Math.Clamp(time / _lag, 1, LargestLead);
        return Math.Clamp(estimate + (lead * (wanted - estimate)), _airframe.MinSetPoint, _airframe.MaxSetPoint);
    }

    // First-order lag u' = (u_cmd − u)/τ over one period, exact for a constant command.
    private void EstimateRotors(ReadOnlySpan<float> lastCommand)
    {
        for (int i = 0; i < Rotors; i++)
        {
            double commanded = lastCommand[_rotors[i]];
            double time = commanded >= _rotorEstimate[i] ? _airframe.RiseTime : _airframe.FallTime;
            double share = _estimating ? 1 - Math.Exp(-_periodS / Math.Max(time, 1e-4)) : 1;
            _rotorEstimate[i] += share * (commanded - _rotorEstimate[i]);
        }
        _estimating = true;
    }

    private void Take(BaselineInput input)
    {
        for (int i = 0; i < 3; i++)
        {
            double v = input.Values[_velocity[i]];
            double stop = input.Values[_position[i]] + (v * Math.Abs(v) / (2 * Limit(i)));
            _hold[i] = Math.Clamp(stop, _holdMin[i], _holdMax[i]);
        }
        _holding = true;
    }

    private void Release()
    {
        _holding = false;
        _landing = false;
        _landed = false;
        Array.Clear(_integral);
    }

    // Speed towards a point at distance e that can still brake with half the acceleration: the smaller of k·e and √(a e).
    private double Approach(double distance, double acceleration)
    {
        double e = Math.Abs(distance);
        return Math.Sign(distance) * Math.Min(Math.Min(_positionGain * e, Math.Sqrt(acceleration * e)), _settings.MaxSpeed);
    }

    private double Limit(int axis) => axis == 2 ? _verticalAcceleration : _horizontalAcceleration;

    private double Speed(BaselineInput input)
    {
        double sum = 0;
        foreach (int channel in _velocity)
            sum += (double)input.Values[channel] * input.Values[channel];
        return Math.Sqrt(sum);
    }

    private void KeepInside(CageLimits? cage)
    {
        for (int i = 0; cage is not null && i < 3; i++)
        {
            double inset = Math.Min(cage.Margin + (0.15 * (cage.Max[i] - cage.Min[i])), 0.5 * (cage.Max[i] - cage.Min[i]));
            _holdMin[i] = cage.Min[i] + inset;
            _holdMax[i] = cage.Max[i] - inset;
        }
    }

    // What roll or pitch can get from hover, rad/s²: the weaker of the two axes, with every rotor's thrust free to move by the smaller margin.
    private static double AngularAuthority(QuadrotorAirframe airframe, double min, double max)
    {
        double hover = Math.Clamp(airframe.Weight / Rotors, min, max);
        double room = Math.Max(Math.Min(hover - min, max - hover), 0.05 * hover);
        double roll = room * airframe.Y.Sum(Math.Abs) / airframe.Inertia[0];
        double pitch = room * airframe.X.Sum(Math.Abs) / airframe.Inertia[1];
        return Math.Min(roll, pitch);
    }

    private static int[] Need(ChannelLayout layout, IReadOnlyList<string> names) =>
        layout.TryIndicesOf(names) ?? throw new ArgumentException($"the quadrotor baseline needs the channels {string.Join(", ", names)}; the robot has {string.Join(", ", layout.Select(c => c.Name))}");
}
