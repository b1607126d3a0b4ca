using Robotics.Configuration;
using Robotics.Core;
using Robotics.Models;

namespace Robotics.Safety;

/// <summary>Makes the baseline controller that robot.yaml asks for.</summary>
public static class BaselineControllers
{
    private const int CornersFlown = 4; // about 30 ms at start; the tests fly a hundred
    private static readonly string[] s_kinds = ["quadrotor_hover", "joint_hold"];

    /// <summary>Reads the section <c>baseline</c> and what it needs of the rest of the robot.</summary>
    public static IBaselineController Read(ConfigMap robotRoot, ChannelLayout state, ChannelLayout command, MotionLimits motion, double periodS)
    {
        ArgumentNullException.ThrowIfNull(robotRoot);
        ConfigMap baseline = robotRoot.Map("baseline");
        return baseline.OneOf("kind", s_kinds) switch
        {
            "joint_hold" => JointBaseline.Read(baseline, state, command, periodS),
            _ => ReadQuadrotor(robotRoot, baseline, state, command, motion, periodS),
        };
    }

    private static QuadrotorBaseline ReadQuadrotor(
        ConfigMap robotRoot, ConfigMap baseline, ChannelLayout state, ChannelLayout command, MotionLimits motion, double periodS)
    {
        QuadrotorParameters parameters = QuadrotorParameters.Read(robotRoot.Map("airframe"));
        QuadrotorBaselineSettings settings = QuadrotorBaselineSettings.Read(baseline);
        string? Prove() => new RecoveryTrial(parameters, settings, periodS).Prove(seed: 1, CornersFlown);
        return new QuadrotorBaseline(QuadrotorAirframe.From(parameters), settings, state, command, motion, periodS, Prove);
    }
}
