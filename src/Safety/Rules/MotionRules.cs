using Robotics.Core;

namespace Robotics.Safety;

/// <summary>Second stage: is the body where, and as upright and slow as, it must be, now and for as long as it takes to brake?</summary>
/// <remarks>
/// <para>Cage, per axis and wall: trip when d &lt; v₁(τ + T) + v₁²/(2a) + margin, with d the distance to the wall, v₁ = v + g·T the
/// outward speed after one more period of the worst the policy can do, τ the latency and a the braking deceleration (R10, R12, R22).</para>
/// <para>Tilt: θ + θ̇·lead &gt; limit, where cos θ = R₃₃ = 1 − 2(x² + y²) and R₃₃' = R₃₁ω_y − R₃₂ω_x, hence θ̇ = −R₃₃'/sin θ (R11).</para>
/// <para>Channels that are not fresh are not judged here: their staleness already acts. Control thread only; allocates nothing.</para>
/// </remarks>
public sealed class MotionRules
{
    private const double WorstAcceleration = 20.0; // m/s², two g: what a policy can add within one period before it is judged again

    private readonly MotionLimits _limits;
    private readonly double _periodS;
    private readonly int[]? _position;
    private readonly int[]? _orientation;
    private readonly int[]? _velocity;
    private readonly int[]? _angularVelocity;

    /// <summary>Rules by <paramref name="limits"/> on the body channels of <paramref name="state"/>; missing channels are not judged.</summary>
    public MotionRules(MotionLimits limits, ChannelLayout state, double periodS)
    {
        _limits = limits ?? throw new ArgumentNullException(nameof(limits));
        ArgumentNullException.ThrowIfNull(state);
        _periodS = periodS;
        _position = state.TryIndicesOf(ChannelNames.Position);
        _orientation = state.TryIndicesOf(ChannelNames.Orientation);
        _velocity = state.TryIndicesOf(ChannelNames.LinearVelocity);
        _angularVelocity = state.TryIndicesOf(ChannelNames.AngularVelocity);
    }

    /// <summary>Judges the believed state.</summary>
    public SafetyCauses Check(BaselineInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        SafetyCauses flags = SafetyCauses.None;
        if (IsTooFast(input))
            flags |= SafetyCauses.Speed;
        if (IsTooTilted(input))
            flags |= SafetyCauses.Tilt;
        if (_limits.Cage is { } cage && LeavesCage(cage, input))
            flags |= SafetyCauses.Cage;
        return flags;
    }

    private bool IsTooFast(BaselineInput input) =>
        Norm(_velocity, input) > _limits.MaxSpeed || Norm(_angularVelocity, input) > _limits.MaxAngularSpeed;

    private bool IsTooTilted(BaselineInput input)
    {
        if (_limits.MaxTilt >= 3.14 || _orientation is null || !input.AreFresh(_orientation))
            return false;
        double w = input.Values[_orientation[0]];
        double x = input.Values[_orientation[1]];
        double y = input.Values[_orientation[2]];
        double z = input.Values[_orientation[3]];
        double tilt = Math.Acos(Math.Clamp(1 - (2 * ((x * x) + (y * y))), -1, 1));
        if (tilt > _limits.MaxTilt)
            return true;
        if (_limits.TiltLead <= 0 || _angularVelocity is null || !input.AreFresh(_angularVelocity))
            return false;
        double r31 = 2 * ((x * z) - (w * y));
        double r32 = 2 * ((y * z) + (w * x));
        double r33Rate = (r31 * input.Values[_angularVelocity[1]]) - (r32 * input.Values[_angularVelocity[0]]);
        double tiltRate = -r33Rate / Math.Max(Math.Sin(tilt), 1e-3);
        return tilt + (tiltRate * _limits.TiltLead) > _limits.MaxTilt;
    }

    private bool LeavesCage(CageLimits cage, BaselineInput input)
    {
        if (_position is null || !input.AreFresh(_position))
            return false;
        bool knowsSpeed = _velocity is not null && input.AreFresh(_velocity);
        for (int i = 0; i < 3; i++)
        {
            double p = input.Values[_position[i]];
            double v = knowsSpeed ? input.Values[_velocity![i]] : 0;
            if (cage.Max[i] - p < Needed(cage, v) || p - cage.Min[i] < Needed(cage, -v))
                return true;
        }
        return false;
    }

    private double Needed(CageLimits cage, double outwardSpeed)
    {
        double v = Math.Max(0, outwardSpeed + (WorstAcceleration * _periodS));
        return (v * (cage.Latency + _periodS)) + (v * v / (2 * cage.BrakingAcceleration)) + cage.Margin;
    }

    private static double Norm(int[]? channels, BaselineInput input)
    {
        if (channels is null || !input.AreFresh(channels))
            return 0;
        double sum = 0;
        foreach (int channel in channels)
            sum += (double)input.Values[channel] * input.Values[channel];
        return Math.Sqrt(sum);
    }
}
