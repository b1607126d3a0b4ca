using Robotics.Configuration;

namespace Robotics.Safety;

/// <summary>How the quadrotor baseline flies. Section <c>baseline</c> with <c>kind: quadrotor_hover</c>. Immutable, SI.</summary>
public sealed record QuadrotorBaselineSettings
{
    /// <summary>Greatest tilt it commands, rad.</summary>
    public double MaxTilt { get; init; } = 0.6;

    /// <summary>Greatest speed it commands on its way back to the hold point, m/s.</summary>
    public double MaxSpeed { get; init; } = 1.0;

    /// <summary>Speed of descent while landing, m/s.</summary>
    public double Descent { get; init; } = 0.5;

    /// <summary>Height of the ground, m in the world frame; NaN where there is none: then stopping means hovering for good.</summary>
    public double Ground { get; init; } = double.NaN;

    /// <summary>States it promises to recover from.</summary>
    public RecoverableSet Recoverable { get; init; } = new();

    /// <summary>Reads the section.</summary>
    public static QuadrotorBaselineSettings Read(ConfigMap baseline)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        return new QuadrotorBaselineSettings
        {
            MaxTilt = baseline.Number("max_tilt_rad", 0.05, 1.2, fallback: 0.6),
            MaxSpeed = baseline.Number("max_speed_m_s", 0.05, 20, fallback: 1.0),
            Descent = baseline.Number("descent_m_s", 0.05, 5, fallback: 0.5),
            Ground = baseline.Has("ground_m") ? baseline.Number("ground_m", -10_000, 10_000) : double.NaN,
            Recoverable = RecoverableSet.Read(baseline.Map("recoverable")),
        };
    }
}
