using Robotics.Core;

namespace Robotics.Safety;

/// <summary>The baseline of a vehicle whose flight controller follows velocities: brakes, holds the place where it stopped, lands.</summary>
/// <remarks>Attitude, thrust and the velocity loop are the device's own, so all that is commanded is v* of <see cref="HoldGuidance"/> and no
/// yaw rate. Control thread only; allocates nothing.</remarks>
public sealed class VelocityBaseline : IBaselineController
{
    private const double PositionGain = 0.8; // 1/s, below the 0.95-1.0 of both firmwares' own position loops
    private readonly QuadrotorBaselineSettings _settings;
    private readonly HoldGuidance _hold;
    private readonly int[] _velocity;
    private readonly int _yawRate;
    private readonly ChannelLayout _command;
    private readonly MotionLimits _motion;

    /// <summary>A controller that brakes as <paramref name="motion"/>'s cage declares.</summary>
    /// <exception cref="ArgumentException">The robot has no position or velocity, or does not take velocities.</exception>
    public VelocityBaseline(QuadrotorBaselineSettings settings, ChannelLayout state, ChannelLayout command, MotionLimits motion)
    {
        ArgumentNullException.ThrowIfNull(state);
        _settings = settings ?? throw new ArgumentNullException(nameof(settings));
        _command = command ?? throw new ArgumentNullException(nameof(command));
        _motion = motion ?? throw new ArgumentNullException(nameof(motion));
        _velocity = command.TryIndicesOf(ChannelNames.VelocitySetpoint) ?? throw new ArgumentException("the vehicle takes no velocities", nameof(command));
        _yawRate = command.IndexOf(ChannelNames.YawRateSetpoint);
        double braking = motion.Cage?.BrakingAcceleration ?? 1;
        int[] position = state.TryIndicesOf(ChannelNames.Position) ?? throw new ArgumentException("the baseline needs the vehicle's position", nameof(state));
        _hold = new HoldGuidance(position, state.TryIndicesOf(ChannelNames.LinearVelocity), settings, motion.Cage, PositionGain, braking, braking);
    }

    /// <inheritdoc/>
    public string? Validate()
    {
        double most = _command[_velocity[0]].Maximum;
        if (_settings.MaxSpeed > most || _settings.Descent > most)
            return FormattableString.Invariant($"baseline.max_speed_m_s {_settings.MaxSpeed} or descent_m_s {_settings.Descent} is more than the vehicle's {most} m/s");
        if (_motion.Cage is not { } cage)
            return "safety.cage is missing: nothing says where the vehicle has to stop";
        double v = _motion.MaxSpeed;
        double stop = (v * cage.Latency) + (v * v / (2 * cage.BrakingAcceleration)) + cage.Margin;
        double half = Enumerable.Range(0, 3).Min(i => (cage.Max[i] - cage.Min[i]) / 2);
        return stop <= half ? null : FormattableString.Invariant(
            $"from safety.max_speed_m_s {v} it needs {stop:F1} m to stop, but from the middle of the cage to its nearest wall are {half:F1} m: lower the speed or widen the cage");
    }

    /// <inheritdoc/>
    public void Reset() => _hold.Release();

    /// <inheritdoc/>
    public BaselineStatus Compute(BaselineInput input, BaselineGoal goal, bool inCharge, Span<float> command)
    {
        ArgumentNullException.ThrowIfNull(input);
        Span<double> wanted = stackalloc double[3];
        bool knowsPlace = _hold.Want(input, goal, inCharge, wanted);
        for (int i = 0; i < 3; i++)
            command[_velocity[i]] = (float)wanted[i];
        if (_yawRate >= 0)
            command[_yawRate] = 0;
        return knowsPlace ? BaselineStatus.Ok : BaselineStatus.Degraded;
    }

    /// <inheritdoc/>
    public BaselineRest Rest => _hold.Rest;

    /// <inheritdoc/>
    public void OpenLoop(SafetyAction action, BaselineInput input, Span<float> command)
    {
        command.Clear();
        if (action < SafetyAction.PowerCut)
            command[_velocity[2]] = (float)-_settings.Descent;
    }
}
