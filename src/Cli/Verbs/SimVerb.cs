using System.CommandLine;
using System.Text.Json;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Runtime.Time;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics sim</c>: the device behind a robot.yaml as a process of its own: a simulated robot over ROS 2, an emulated autopilot, servo
/// bus or microcontroller on a pseudo-terminal or a network port.</summary>
internal static class SimVerb
{
    private const int Priority = 60; // below the control process and its DDS threads

    public static Command Build()
    {
        var robot = new Option<string>("--robot") { Description = "robot.yaml whose driver is ros2, mavlink, feetech, dynamixel or mcu", Required = true };
        var ros2 = new Option<bool>("--ros2") { Description = "Insist on a robot that is reached over ROS 2" };
        var link = new Option<string>("--link") { Description = "Serial devices: pty:PATH, udp:HOST:PORT (speaks first) or tcp:PORT (listens)", DefaultValueFactory = _ => "pty:/tmp/robotics-device" };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the link's faults", DefaultValueFactory = _ => 1 };
        var report = new Option<int>("--report-ms") { Description = "Serial devices: a JSON line of the device's state this often; 0 never" };
        var seconds = new Option<double>("--seconds") { Description = "Stop after this long; 0 runs until interrupted", DefaultValueFactory = _ => 0 };
        var json = new Option<bool>("--json") { Description = "ROS 2: print what was measured as one JSON line at the end" };
        var set = new Option<string[]>("--set") { Description = "key=value of the file to replace, for example driver.domain=7" };
        var command = new Command(
            "sim", "Run the device of a robot without hardware. Examples: robotics sim --robot hardware/sim-quad-ros2/robot.yaml; robotics sim --robot hardware/px4-quad/rates.yaml --link pty:/tmp/px4")
        {
            robot, ros2, link, seed, report, seconds, json, set,
        };
        command.SetAction(parsed =>
        {
            using var shutdown = new ShutdownSignal();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(shutdown.Token);
            if (parsed.GetValue(seconds) > 0)
                limit.CancelAfter(TimeSpan.FromSeconds(parsed.GetValue(seconds)));
            string file = parsed.GetRequiredValue(robot);
            string[] overrides = parsed.GetValue(set) ?? [];
            ConfigDocument document = ConfigDocument.Load(file);
            foreach (string assignment in overrides)
                document.Override(assignment);
            bool overRos = parsed.GetValue(ros2) || string.Equals(document.Root.Map("driver").String("kind"), "ros2", StringComparison.Ordinal);
            return overRos
                ? RunRos2(file, overrides, parsed.GetValue(json), limit.Token)
                : SerialSimulation.Run(document, parsed.GetRequiredValue(link), parsed.GetValue(seed), parsed.GetValue(report), limit.Token);
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

    private static int RunRos2(string robot, string[] overrides, bool json, CancellationToken cancellation)
    {
        using SimulatedRosQuadrotor simulator = SimulatedRosQuadrotor.Load(robot, MonotonicClock.Instance, overrides);
        Console.Error.WriteLine($"sim: {simulator.Node.FullName} in ROS domain {simulator.Node.Context.Options.Domain}; on its stand until the first command");
        MakeRealTime();
        simulator.Run(cancellation);
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
