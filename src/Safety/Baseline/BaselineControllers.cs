using Robotics.Configuration;
using Robotics.Core;
using Robotics.Models;

namespace Robotics.Safety;

/// <summary>Makes the baseline controller that robot.yaml asks for.</summary>
public static class BaselineControllers
{
    private static readonly string[] s_kinds = ["quadrotor_hover"];

    /// <summary>Reads the section <c>baseline</c> and what it needs of the rest of the robot.</summary>
    public static IBaselineController Read(ConfigMap robotRoot, ChannelLayout state, ChannelLayout command, MotionLimits motion, double periodS)
    {
        ArgumentNullException.ThrowIfNull(robotRoot);
        ConfigMap baseline = robotRoot.Map("baseline");
        return baseline.OneOf("kind", s_kinds) switch
        {
            "quadrotor_hover" => new QuadrotorBaseline(
                QuadrotorAirframe.From(QuadrotorParameters.Read(robotRoot.Map("airframe"))), QuadrotorBaselineSettings.Read(baseline), state, command, motion, periodS),
            _ => throw new InvalidOperationException("unreachable: OneOf gives a listed kind"),
        };
    }
}
