using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Safety;

/// <summary>Limits on the motion of a free body. All SI; infinite where robot.yaml declares none.</summary>
/// <remarks>Keys of the section <c>safety</c>: <c>max_tilt_rad</c>, <c>tilt_lead_s</c>, <c>max_speed_m_s</c>, <c>max_angular_speed_rad_s</c>, <c>cage</c>.</remarks>
public sealed record MotionLimits
{
    private const double LargestTiltOfARealRobot = 1.4; // rad, 80 degrees: beyond it no hovering vehicle can hold its height

    /// <summary>Greatest angle between the body's z axis and the world's, rad; π switches the rule off.</summary>
    public double MaxTilt { get; init; } = Math.PI;

    /// <summary>How far ahead the tilt is predicted, s.</summary>
    public double TiltLead { get; init; }

    /// <summary>Greatest speed, m/s.</summary>
    public double MaxSpeed { get; init; } = double.PositiveInfinity;

    /// <summary>Greatest angular speed, rad/s.</summary>
    public double MaxAngularSpeed { get; init; } = double.PositiveInfinity;

    /// <summary>The cage, or null where the robot has no position (an arm on a table).</summary>
    public CageLimits? Cage { get; init; }

    /// <summary>Reads the keys of <paramref name="safety"/> that the channels of <paramref name="state"/> call for. Only a simulated robot may switch the tilt rule off.</summary>
    public static MotionLimits Read(ConfigMap safety, ChannelLayout state, bool isSimulated)
    {
        ArgumentNullException.ThrowIfNull(safety);
        ArgumentNullException.ThrowIfNull(state);
        var limits = new MotionLimits();
        if (state.TryIndicesOf(ChannelNames.Orientation) is not null)
        {
            limits = limits with { MaxTilt = ReadTilt(safety, isSimulated), TiltLead = safety.Number("tilt_lead_s", 0, 1, fallback: 0, tighten: Tighten.OnlyHigher) };
        }
        if (state.TryIndicesOf(ChannelNames.LinearVelocity) is not null)
            limits = limits with { MaxSpeed = safety.Number("max_speed_m_s", 0.01, 1000, tighten: Tighten.OnlyLower) };
        if (state.TryIndicesOf(ChannelNames.AngularVelocity) is not null)
            limits = limits with { MaxAngularSpeed = safety.Number("max_angular_speed_rad_s", 0.01, 10_000, tighten: Tighten.OnlyLower) };
        if (state.TryIndicesOf(ChannelNames.Position) is not null)
            limits = limits with { Cage = CageLimits.Read(safety.Map("cage")) };
        return limits;
    }

    private static double ReadTilt(ConfigMap safety, bool isSimulated)
    {
        double tilt = safety.Number("max_tilt_rad", 0.05, 3.1416, tighten: Tighten.OnlyLower);
        if (!isSimulated && tilt > LargestTiltOfARealRobot)
            safety.AddProblem("max_tilt_rad", $"{tilt} rad; only a simulated driver may exceed {LargestTiltOfARealRobot} rad (80 degrees)");
        return tilt;
    }
}
