using Robotics.Core;

namespace Robotics.Safety;

/// <summary>The quadrotor baseline for a flight controller that keeps the rate loop: commands body rates and collective thrust.</summary>
/// <remarks>
/// <para>position → velocity → acceleration a* as <see cref="QuadrotorBaseline"/>; a* + g → direction b₃* in the body; ω* = k_R·angle·axis,
/// no yaw rate; thrust = hover · (a* + g)·b₃ / g. With the device's rate loop (and the link's delay) answering in <c>response_s</c> = τ,
/// k_R = 1/(3τ), and each further loop is two times slower: damping about 0.7.</para>
/// <para>A vehicle without position sinks; one without velocity is levelled. Control thread only; allocates nothing.</para>
/// </remarks>
public sealed class QuadrotorRateBaseline : IBaselineController
{
    private const double LargestVelocityGain = 2.5; // 1/s, as the rotor baseline
    private const double LoopRatio = 2;
    private const double LimpThrust = 0.85; // of hover: sinks at 1.5 m/s²
    private const double LargestTurn = 6.0; // rad/s; rate loops of flight controllers are tuned to 4-15
    private const double ThrustWhileTilted = 0.6; // of the wanted lift, however tilted
    private const double VerticalShare = 0.5; // of g: flight controllers need thrust to spare for attitude
    private readonly QuadrotorBaselineSettings _settings;
    private readonly HoldGuidance _hold;
    private readonly VelocityTracking _tracking;
    private readonly int[] _orientation;
    private readonly int[] _rates;
    private readonly int _thrust;
    private readonly float _leastThrust;
    private readonly float _mostThrust;
    private readonly double _attitudeGain;
    private readonly Func<string?>? _proof;

    /// <summary>A controller in a loop of <paramref name="periodS"/>; <paramref name="proof"/> is flown by <see cref="Validate"/>.</summary>
    /// <exception cref="ArgumentException">The robot has no orientation, or does not take body rates and thrust.</exception>
    public QuadrotorRateBaseline(QuadrotorBaselineSettings settings, ChannelLayout state, ChannelLayout command, MotionLimits motion, double periodS, Func<string?>? proof)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(motion);
        _settings = settings ?? throw new ArgumentNullException(nameof(settings));
        _proof = proof;
        _orientation = state.TryIndicesOf(ChannelNames.Orientation) ?? throw new ArgumentException("the baseline needs the vehicle's orientation", nameof(state));
        _rates = command.TryIndicesOf(ChannelNames.BodyRates) ?? throw new ArgumentException("the vehicle takes no body rates", nameof(command));
        _thrust = command.IndexOf(ChannelNames.CollectiveThrust);
        _leastThrust = (float)command[_thrust].Minimum;
        _mostThrust = (float)command[_thrust].Maximum;
        _attitudeGain = 1 / (3 * (settings.ResponseS + periodS));
        double gain = Math.Min(LargestVelocityGain, _attitudeGain / LoopRatio);
        double horizontal = QuadrotorBaselineSettings.Gravity * Math.Tan(settings.MaxTilt);
        double vertical = QuadrotorBaselineSettings.Gravity * VerticalShare;
        int[]? velocity = state.TryIndicesOf(ChannelNames.LinearVelocity);
        _hold = new HoldGuidance(state.TryIndicesOf(ChannelNames.Position), velocity, settings, motion.Cage, gain / LoopRatio, horizontal, vertical);
        _tracking = new VelocityTracking(velocity, gain, horizontal, vertical, QuadrotorBaselineSettings.Gravity, periodS);
    }

    /// <inheritdoc/>
    public string? Validate() =>
        _settings.HoverThrust <= _leastThrust || _settings.HoverThrust >= _mostThrust
            ? FormattableString.Invariant($"baseline.hover_thrust {_settings.HoverThrust} is not inside the thrust range {_leastThrust}..{_mostThrust}")
        : _proof is null ? "robot.yaml has no airframe: without a model of the vehicle its baseline cannot be proven"
        : _proof();

    /// <inheritdoc/>
    public void Reset()
    {
        _hold.Release();
        _tracking.Release();
    }

    /// <inheritdoc/>
    public BaselineStatus Compute(BaselineInput input, BaselineGoal goal, bool inCharge, Span<float> command)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!input.AreFresh(_orientation))
            return BaselineStatus.Unable;
        Span<double> wanted = stackalloc double[3];
        Span<double> axis = stackalloc double[3];
        bool knowsPlace = _hold.Want(input, goal, inCharge, wanted);
        bool knowsVelocity = _tracking.Track(input, inCharge, wanted, axis);
        if (_hold.Landed && goal != BaselineGoal.Hold)
        {
            OpenLoop(SafetyAction.PowerCut, input, command);
            return BaselineStatus.Ok;
        }
        axis[2] += QuadrotorBaselineSettings.Gravity;
        double up = axis[2];
        double along = BodyAxes.Direct(input, _orientation, axis);
        Turn(axis, command);
        double lift = Math.Max(along, ThrustWhileTilted * up) / QuadrotorBaselineSettings.Gravity;
        command[_thrust] = Math.Clamp((float)(_settings.HoverThrust * lift), _leastThrust, _mostThrust);
        return knowsPlace && knowsVelocity ? BaselineStatus.Ok : BaselineStatus.Degraded;
    }

    /// <inheritdoc/>
    public BaselineRest Rest => _hold.Rest;

    /// <inheritdoc/>
    public void OpenLoop(SafetyAction action, BaselineInput input, Span<float> command)
    {
        foreach (int rate in _rates)
            command[rate] = 0;
        command[_thrust] = action >= SafetyAction.PowerCut ? _leastThrust : Math.Clamp((float)(LimpThrust * _settings.HoverThrust), _leastThrust, _mostThrust);
    }

    // z × direction = (−d_y, d_x, 0); exactly upside down any axis will do.
    private void Turn(ReadOnlySpan<double> direction, Span<float> command)
    {
        double sine = Math.Sqrt((direction[0] * direction[0]) + (direction[1] * direction[1]));
        double turn = Math.Min(_attitudeGain * Math.Atan2(sine, direction[2]), LargestTurn);
        command[_rates[0]] = (float)(turn * (sine > 1e-6 ? -direction[1] / sine : 1));
        command[_rates[1]] = (float)(turn * (sine > 1e-6 ? direction[0] / sine : 0));
        command[_rates[2]] = 0;
    }
}
