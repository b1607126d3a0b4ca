using Robotics.Configuration;
using Robotics.Core;
using Robotics.Models;

namespace Robotics.Safety;

/// <summary>Makes the baseline controller that robot.yaml asks for.</summary>
public static class BaselineControllers
{
    private const int CornersFlown = 4; // about 30 ms at start; the tests fly a hundred
    private static readonly string[] s_kinds = ["quadrotor_hover", "quadrotor_rates", "velocity_hold", "joint_hold", "safe_values"];

    /// <summary>Reads the section <c>baseline</c> and what it needs of the rest of the robot.</summary>
    public static IBaselineController Read(ConfigMap robotRoot, ChannelLayout state, ChannelLayout command, MotionLimits motion, double periodS)
    {
        ArgumentNullException.ThrowIfNull(robotRoot);
        ConfigMap baseline = robotRoot.Map("baseline");
        try
        {
            return Make(robotRoot, baseline, state, command, motion, periodS);
        }
        catch (ArgumentException e)
        {
            baseline.AddProblem("kind", e.Message);
            return SafeValuesBaseline.None(command);
        }
    }

    private static IBaselineController Make(
        ConfigMap robotRoot, ConfigMap baseline, ChannelLayout state, ChannelLayout command, MotionLimits motion, double periodS) =>
        baseline.OneOf("kind", s_kinds) switch
        {
            "joint_hold" => JointBaseline.Read(baseline, state, command, periodS),
            "safe_values" => SafeValuesBaseline.Read(baseline, command, periodS),
            "velocity_hold" => new VelocityBaseline(QuadrotorBaselineSettings.ReadVelocity(baseline), state, command, motion),
            "quadrotor_rates" => ReadRates(robotRoot, baseline, state, command, motion, periodS),
            _ => ReadQuadrotor(robotRoot, baseline, state, command, motion, periodS),
        };

    private static QuadrotorBaseline ReadQuadrotor(
        ConfigMap robotRoot, ConfigMap baseline, ChannelLayout state, ChannelLayout command, MotionLimits motion, double periodS)
    {
        QuadrotorParameters parameters = QuadrotorParameters.Read(robotRoot.Map("airframe"));
        QuadrotorBaselineSettings settings = QuadrotorBaselineSettings.Read(baseline);
        string? Prove() => new RecoveryTrial(parameters, settings, periodS).Prove(seed: 1, CornersFlown);
        return new QuadrotorBaseline(QuadrotorAirframe.From(parameters), settings, state, command, motion, periodS, Prove);
    }

    // Proven on the declared airframe behind our own rate loop; a vehicle that declares none cannot be armed.
    private static QuadrotorRateBaseline ReadRates(
        ConfigMap robotRoot, ConfigMap baseline, ChannelLayout state, ChannelLayout command, MotionLimits motion, double periodS)
    {
        QuadrotorBaselineSettings settings = QuadrotorBaselineSettings.ReadRates(baseline);
        if (robotRoot.MapOrNull("airframe") is not { } airframe)
            return new QuadrotorRateBaseline(settings, state, command, motion, periodS, proof: null);
        QuadrotorParameters parameters = QuadrotorParameters.Read(airframe);
        string? Prove() => new RecoveryTrial(parameters, settings, periodS, state, command).Prove(seed: 1, CornersFlown);
        return new QuadrotorRateBaseline(settings, state, command, motion, periodS, Prove);
    }
}
