using System.Text.Json;
using Robotics.Cli.Demo;

namespace Robotics.Cli.Bench;

/// <summary>The demo's learned policy flies hardware/sim-quad-ros2 in real time through DDS: robot, control and agent are processes of their own.</summary>
internal static class Ros2FlightBench
{
    private static readonly TimeSpan s_trainingDeadline = TimeSpan.FromMinutes(10); // about 40 s on two idle cores
    private static readonly TimeSpan s_armingDeadline = TimeSpan.FromSeconds(30); // discovery and the identity check take about two

    /// <summary>Flies.</summary>
    /// <param name="folder">Folder of a run whose <c>bundles</c> hold a policy; trained by the demo where it has none.</param>
    /// <param name="domain">ROS domain that nobody else uses.</param>
    /// <param name="seconds">Seconds under the policy.</param>
    public static async Task<Ros2FlightResult> RunAsync(string folder, int domain, double seconds)
    {
        if (!Directory.Exists(Path.Combine(folder, "bundles")))
            Train(folder);
        using var flight = new Ros2Flight(folder, domain);
        flight.StartRobot();
        flight.StartAgent();
        flight.StartControl(seconds);
        await flight.ArmAsync(s_armingDeadline).ConfigureAwait(false);
        ControlResult control = flight.AwaitEnd(s_armingDeadline + TimeSpan.FromSeconds(1.5 * seconds));
        JsonElement robot = flight.EndRobot();
        return new Ros2FlightResult
        {
            Ticks = control.DistanceM.Count,
            MissedPeriods = control.MissedPeriods,
            StaleTicks = control.StaleTicks,
            BaselineTicks = control.BaselineTicks,
            P50Us = robot.GetProperty("sensor_to_command_p50_us").GetDouble(),
            P99Us = robot.GetProperty("sensor_to_command_p99_us").GetDouble(),
            MaxUs = robot.GetProperty("sensor_to_command_max_us").GetDouble(),
            Commands = robot.GetProperty("commands").GetInt64(),
            FarthestM = control.DistanceM.DefaultIfEmpty().Max(),
            MeanDistanceM = control.DistanceM.DefaultIfEmpty().Average(),
            AllocatedBytes = control.AllocatedBytes,
            Collections = control.Collections,
            Degraded = control.Degraded,
        };
    }

    private static void Train(string folder)
    {
        using var changed = new AutoResetEvent(false);
        using var demo = new RoboticsProcess(changed, null, ["demo", "--json", "--out", folder]);
        if (!demo.WaitForExit(s_trainingDeadline) || demo.ExitCode != 0)
            throw new FailureException($"the demo trained no policy: {demo.Errors}");
    }
}
