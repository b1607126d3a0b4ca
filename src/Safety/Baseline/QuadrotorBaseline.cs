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
    private const double LimpThrust = 0.85; // of the weight: sinks at 1.5 m/s² until drag or ground
    private const double LargestTurn = 10.0; // rad/s: a flip back takes 0.4 s; gyros of small vehicles end at 35
    private const double ThrustWhileTilted = 0.6; // of the wanted lift, however tilted: rotors near standstill give no torque
    private const double LeastThrustToWeight = 1.2; // below, nothing is left for attitude while hovering
    private const double LargestLead = 12.0; // more brings nothing within one control period of 10 ms

    private readonly QuadrotorAirframe _airframe;
    private readonly QuadrotorBaselineSettings _settings;
    private readonly HoldGuidance _hold;
    private readonly VelocityTracking _tracking;
    private readonly RotorMixer _mixer;
    private readonly int[] _orientation;
    private readonly int[] _angularVelocity;
    private readonly int[] _rotors;
    private readonly double _periodS;
    private readonly double _lag;
    private readonly double _yawLead;
    private readonly double _angularAcceleration;
    private readonly double[] _rotorEstimate = new double[Rotors];
    private readonly Func<string?>? _proof;
    private bool _estimating;

    /// <summary>A controller for <paramref name="airframe"/> in a loop of <paramref name="periodS"/>; <paramref name="proof"/> is flown by <see cref="Validate"/>.</summary>
    /// <exception cref="ArgumentException">A body or rotor channel is missing: this baseline cannot fly such a robot.</exception>
    public QuadrotorBaseline(QuadrotorAirframe airframe, QuadrotorBaselineSettings settings, ChannelLayout state, ChannelLayout command, MotionLimits motion, double periodS, Func<string?>? proof = null)
    {
        _proof = proof;
        _airframe = airframe ?? throw new ArgumentNullException(nameof(airframe));
        _settings = settings ?? throw new ArgumentNullException(nameof(settings));
        ArgumentNullException.ThrowIfNull(motion);
        _orientation = Need(state, ChannelNames.Orientation);
        _angularVelocity = Need(state, ChannelNames.AngularVelocity);
        _rotors = Need(command, ChannelNames.Rotors);
        _periodS = periodS;
        double slowest = Math.Max(airframe.RiseTime, airframe.FallTime);
        _lag = Math.Max(slowest / LargestLead, Math.Max(1.5 * periodS, 0.015));
        _yawLead = (3 * _lag) + periodS; // lag of the rate loop and of the rotors, and the sample's age
        double min = Math.Max(0, airframe.Thrust(airframe.MinSetPoint));
        double max = airframe.Thrust(airframe.MaxSetPoint);
        _mixer = new RotorMixer(airframe.X, airframe.Y, airframe.YawPerThrust, min, max);
        double spare = Math.Max(0.05, (Rotors * max / airframe.Weight) - 1);
        double vertical = airframe.Gravity * Math.Min(0.5, 0.8 * spare); // the rest keeps the attitude
        double horizontal = Math.Min(airframe.Gravity * Math.Tan(settings.MaxTilt), airframe.Gravity * Math.Sqrt((1 + (0.8 * spare)) * (1 + (0.8 * spare)) - 1));
        double gain = Math.Min(LargestVelocityGain, 1 / (8 * _lag * LoopRatio));
        int[] velocity = Need(state, ChannelNames.LinearVelocity);
        _hold = new HoldGuidance(Need(state, ChannelNames.Position), velocity, settings, motion.Cage, gain / LoopRatio, horizontal, vertical);
        _tracking = new VelocityTracking(velocity, gain, horizontal, vertical, airframe.Gravity, periodS);
        _angularAcceleration = AngularAuthority(airframe, min, max);
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
        if (_hold.Landed && goal != BaselineGoal.Hold)
        {
            OpenLoop(SafetyAction.PowerCut, input, command);
            return status;
        }
        Fly(input, acceleration, command);
        return status;
    }

    /// <summary>Flies at a velocity that a person asks for instead of towards a place: position loop left out, all others as always.</summary>
    /// <param name="input">The robot in this tick.</param>
    /// <param name="velocity">Wanted velocity, world frame, m/s.</param>
    /// <param name="yawRate">Wanted yaw rate, rad/s, positive to the left.</param>
    /// <param name="command">Set-points.</param>
    /// <returns>False where attitude, rates or velocity are not fresh.</returns>
    public bool TrySteer(BaselineInput input, ReadOnlySpan<double> velocity, double yawRate, Span<float> command)
    {
        ArgumentNullException.ThrowIfNull(input);
        EstimateRotors(input.LastCommand);
        if (!input.AreFresh(_orientation) || !input.AreFresh(_angularVelocity))
            return false;
        Span<double> acceleration = stackalloc double[3];
        if (!_tracking.Track(input, inCharge: true, velocity, acceleration))
            return false;
        Fly(input, acceleration, command, yawRate);
        return true;
    }

    /// <summary>A tick in which another commands: keeps the model of the rotors in step, so that steering starts from where they are.</summary>
    public void Follow(BaselineInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        EstimateRotors(input.LastCommand);
        Release();
    }

    /// <inheritdoc/>
    public BaselineRest Rest => _hold.Rest;

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
        Span<double> wanted = stackalloc double[3];
        bool knowsPlace = _hold.Want(input, goal, inCharge, wanted);
        bool knowsVelocity = _tracking.Track(input, inCharge, wanted, acceleration);
        return knowsPlace && knowsVelocity ? BaselineStatus.Ok : BaselineStatus.Degraded;
    }

    // Attitude, rate and rotor loops.
    private void Fly(BaselineInput input, ReadOnlySpan<double> acceleration, Span<float> command, double yawRate = 0)
    {
        Span<double> axis = stackalloc double[3]; // wanted thrust direction, world, then body
        Span<double> torque = stackalloc double[3];
        Span<double> thrusts = stackalloc double[Rotors];
        axis[0] = acceleration[0];
        axis[1] = acceleration[1];
        axis[2] = acceleration[2] + _airframe.Gravity;
        double up = axis[2];
        double along = BodyAxes.Direct(input, _orientation, axis);
        double collective = _airframe.Mass * Math.Max(along, ThrustWhileTilted * up);
        Turn(input, axis, yawRate, torque);
        _mixer.Mix(collective, torque, thrusts);
        for (int i = 0; i < Rotors; i++)
            command[_rotors[i]] = (float)Lead(_rotorEstimate[i], _airframe.SetPoint(thrusts[i]));
    }

    private void Turn(BaselineInput input, ReadOnlySpan<double> direction, double yawRate, Span<double> torque)
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
        torque[2] = (inertia[2] * rateGain * 0.5 * (yawRate - r)) + ((inertia[1] - inertia[0]) * p * q);
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

    private void Release()
    {
        _hold.Release();
        _tracking.Release();
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
