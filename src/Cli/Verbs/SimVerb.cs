using System.CommandLine;
using System.Text.Json;
using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Runtime.Time;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics sim --ros2</c>: the simulated robot behind a robot.yaml whose driver is ros2, as a process of its own.</summary>
internal static class SimVerb
{
    private const int Priority = 60; // below the control process and its DDS threads

    public static Command Build()
    {
        var robot = new Option<string>("--robot") { Description = "robot.yaml whose driver is ros2", Required = true };
        var ros2 = new Option<bool>("--ros2") { Description = "Publish sensors and take commands over ROS 2", Required = true };
        var seconds = new Option<double>("--seconds") { Description = "Stop after this long; 0 runs until interrupted", DefaultValueFactory = _ => 0 };
        var json = new Option<bool>("--json") { Description = "Print what was measured as one JSON line at the end" };
        var set = new Option<string[]>("--set") { Description = "key=value of the file to replace, for example driver.domain=7" };
        var command = new Command("sim", "Run a simulated robot. Example: robotics sim --robot hardware/sim-quad-ros2/robot.yaml --ros2") { robot, ros2, seconds, json, set };
        command.SetAction(parsed =>
        {
            using var shutdown = new ShutdownSignal();
            return Run(parsed.GetRequiredValue(robot), parsed.GetValue(set) ?? [], parsed.GetValue(seconds), parsed.GetValue(json), shutdown.Token);
        });
        return command;
    }

    // As the controller in a real robot's electronics, it does not wait for other programs where the machine allows that.
    private static void MakeRealTime()
    {
        string? dds = LinuxRealTime.MakeRealTime(Priority, core: -1) is [] ? Ros2Driver.MakeRealTime(Priority) : "";
        if (dds is not null)
            Console.Error.WriteLine($"sim: runs without real-time priority (add 'rtprio {Priority}' and 'memlock unlimited' for this user in /etc/security/limits.conf)");
    }

    private static int Run(string robot, string[] overrides, double seconds, bool json, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (seconds > 0)
            limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        using SimulatedRosQuadrotor simulator = SimulatedRosQuadrotor.Load(robot, MonotonicClock.Instance, overrides);
        Console.Error.WriteLine($"sim: {simulator.Node.FullName} in ROS domain {simulator.Node.Context.Options.Domain}; on its stand until the first command");
        MakeRealTime();
        simulator.Run(limit.Token);
        LatencyHistogram latency = simulator.Latency;
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                steps = simulator.Steps,
                commands = latency.Count,
                sensor_to_command_p50_us = latency.QuantileNs(0.5) / 1e3,
                sensor_to_command_p99_us = latency.QuantileNs(0.99) / 1e3,
                sensor_to_command_max_us = latency.MaxNs / 1e3,
            }));
        }
        return ExitCode.Ok;
    }
}
