using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Bench;
using Robotics.Core;
using Robotics.Drivers.Ros2;

namespace Robotics.Cli.Verbs;

/// <summary>The benchmarks of ROS 2: <c>robotics bench ros2</c> and <c>robotics bench ros2-flight</c>.</summary>
internal static class Ros2Benches
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };
    private const int DefaultDomain = 88; // any that nobody uses

    public static Command RoundTrip()
    {
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var domain = new Option<int>("--domain") { Description = "ROS domain that nobody else uses", DefaultValueFactory = _ => DefaultDomain };
        var rounds = new Option<int>("--rounds") { Description = "Times that ours and the C peer are measured in turn", DefaultValueFactory = _ => 5 };
        var command = new Command("ros2", "Imu round trip and throughput over DDS beside a C peer on the same library") { json, domain, rounds };
        command.SetAction(parsed =>
        {
            using var folder = new BenchFolder(null);
            if (!Ros2Benchmark.TryBuildPeer(Installation.PathOf("bench/ros2/peers"), folder.Path, out string peer, out string problem))
                throw new FailureException($"the C peer cannot be built: {problem}");
            Ros2BenchmarkResult r = Ros2Benchmark.Run(peer, parsed.GetValue(domain), MonotonicClock.Instance, parsed.GetValue(rounds));
            Print(parsed.GetValue(json), new
            {
                rtt_p50_us = r.RttP50Us,
                rtt_p50_ratio_to_c = r.RttP50RatioToC,
                throughput_per_s = r.ThroughputPerS,
                throughput_ratio_to_c = r.ThroughputRatioToC,
                allocated_bytes_per_message = r.AllocatedBytesPerMessage,
                c_rtt_p50_us = r.CRttP50Us,
                c_throughput_per_s = r.CThroughputPerS,
                lost = r.Gaps,
            });
            return r.Gaps == 0 ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    public static Command Flight()
    {
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var seconds = new Option<double>("--seconds") { Description = "How long to fly", DefaultValueFactory = _ => 60 };
        var domain = new Option<int>("--domain") { Description = "ROS domain that nobody else uses", DefaultValueFactory = _ => DefaultDomain };
        var command = new Command("ros2-flight", "The baseline flies a simulated robot in another process over DDS, in real time") { json, seconds, domain };
        command.SetAction(parsed =>
        {
            Ros2FlightResult r = Ros2FlightBench.Run(Installation.PathOf("hardware/sim-quad-ros2/robot.yaml"), parsed.GetValue(domain), parsed.GetValue(seconds));
            Print(parsed.GetValue(json), new
            {
                ticks = r.Ticks,
                missed_periods = r.MissedPeriods,
                sensor_to_command_p50_us = r.P50Us,
                sensor_to_command_p99_us = r.P99Us,
                sensor_to_command_max_us = r.MaxUs,
                farthest_m = r.FarthestM,
                stale_ticks = r.StaleTicks,
            });
            return r.StaleTicks == 0 ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static void Print(bool json, object figures) =>
        Console.WriteLine(JsonSerializer.Serialize(figures, json ? null : s_indented));
}
