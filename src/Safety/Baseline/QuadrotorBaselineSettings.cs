using Robotics.Configuration;

namespace Robotics.Safety;

/// <summary>How a quadrotor's baseline flies. Section <c>baseline</c> with <c>kind: quadrotor_hover</c>, <c>quadrotor_rates</c> or <c>velocity_hold</c>. Immutable, SI.</summary>
public sealed record QuadrotorBaselineSettings
{
    /// <summary>Standard gravity, m/s²: what a flight controller's thrust is measured against.</summary>
    internal const double Gravity = 9.80665;

    /// <summary>Collective thrust that carries the weight, 0..1: <c>quadrotor_rates</c> only (PX4 MPC_THR_HOVER, ArduPilot MOT_THST_HOVER).</summary>
    public double HoverThrust { get; init; }

    /// <summary>Time in which the device's rate loop answers, link included, s: <c>quadrotor_rates</c> only.</summary>
    public double ResponseS { get; init; }

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

    /// <summary>Reads the section of a vehicle whose rotors or rate loop are commanded.</summary>
    public static QuadrotorBaselineSettings Read(ConfigMap baseline)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        return ReadVelocity(baseline) with
        {
            MaxTilt = baseline.Number("max_tilt_rad", 0.05, 1.2, fallback: 0.6),
            Recoverable = RecoverableSet.Read(baseline.Map("recoverable")),
        };
    }

    /// <summary>Reads the section of a vehicle whose rate loop is the flight controller's.</summary>
    public static QuadrotorBaselineSettings ReadRates(ConfigMap baseline)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        return Read(baseline) with
        {
            HoverThrust = baseline.Number("hover_thrust", 0.05, 0.95),
            ResponseS = baseline.Number("response_s", 0.01, 1),
        };
    }

    /// <summary>Reads the section of a vehicle whose flight controller follows velocities.</summary>
    public static QuadrotorBaselineSettings ReadVelocity(ConfigMap baseline)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        return new QuadrotorBaselineSettings
        {
            MaxSpeed = baseline.Number("max_speed_m_s", 0.05, 20, fallback: 1.0),
            Descent = baseline.Number("descent_m_s", 0.05, 5, fallback: 0.5),
            Ground = baseline.Has("ground_m") ? baseline.Number("ground_m", -10_000, 10_000) : double.NaN,
        };
    }
}
