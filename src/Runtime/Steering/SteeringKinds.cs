using Robotics.Configuration;
using Robotics.Runtime.Composition;
using Robotics.Safety;
using Robotics.Tasks;
using Robotics.Teleop;

namespace Robotics.Runtime.Steering;

/// <summary>Makes what turns a person's motions into set-points of one robot.</summary>
internal static class SteeringKinds
{
    /// <summary>What <paramref name="settings"/> ask for; null, and a problem of the run, where the robot cannot be steered so.</summary>
    public static ISteering? Create(RunDescription run, ConfigMap robotRoot, SteeringSettings settings, RobotProfile robot, RobotTask task)
    {
        if (settings.Kind == SteeringKind.Action)
        {
            if (settings.Motions.Count != task.ActionLength)
                run.Document.Root.AddProblem("teleop", $"{run.SteeringPath} has {settings.Motions.Count} motions, the task {task.ActionLength} action values");
            return new ActionSteering(task.Action, robot.Supervisor.Input, settings.ActionScale);
        }
        IBaselineController own = BaselineControllers.Read(
            robotRoot, robot.Driver.StateChannels, robot.Driver.CommandChannels, robot.Supervisor.Settings.Motion, 1 / robot.ControlRateHz);
        if (own is QuadrotorBaseline flight)
            return new VelocitySteering(flight, robot.Supervisor.Input, robot.Driver.StateChannels, settings);
        run.Document.Root.AddProblem("teleop", $"{run.SteeringPath} steers by velocity, which needs a robot whose baseline is quadrotor_hover");
        return null;
    }
}
