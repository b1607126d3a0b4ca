using Robotics.Configuration;

namespace Robotics.Safety;

/// <summary>The states of a free body from which its baseline promises to come to rest inside the cage. Declared per robot, proven by test.</summary>
/// <remarks>Section <c>baseline.recoverable</c>. Immutable, SI.</remarks>
public sealed record RecoverableSet
{
    /// <summary>Greatest tilt, rad.</summary>
    public double MaxTilt { get; init; } = 1.0;

    /// <summary>Greatest speed, m/s.</summary>
    public double MaxSpeed { get; init; } = 1.0;

    /// <summary>Greatest angular speed, rad/s.</summary>
    public double MaxAngularSpeed { get; init; } = 3.0;

    /// <summary>How far each rotor may be from its hover speed, as a share of its whole range.</summary>
    public double RotorSpread { get; init; } = 0.1;

    /// <summary>Time within which it is at rest, s.</summary>
    public double Settle { get; init; } = 4.0;

    /// <summary>Farthest distance it drifts from where it took over, m.</summary>
    public double Drift { get; init; } = 2.0;

    /// <summary>Reads the section.</summary>
    public static RecoverableSet Read(ConfigMap set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return new RecoverableSet
        {
            MaxTilt = set.Number("max_tilt_rad", 0, 3.1416),
            MaxSpeed = set.Number("max_speed_m_s", 0, 100),
            MaxAngularSpeed = set.Number("max_angular_speed_rad_s", 0, 1000),
            RotorSpread = set.Number("rotor_spread", 0, 1, fallback: 0.1),
            Settle = set.Number("settle_s", 0.1, 60),
            Drift = set.Number("drift_m", 0.01, 1000),
        };
    }
}
