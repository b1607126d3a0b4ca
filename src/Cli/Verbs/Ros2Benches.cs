using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Bench;
using Robotics.Configuration;
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
        var folder = new Option<string?>("--folder") { Description = "Folder of a demo (robotics demo --out FOLDER) whose policy flies; without, one is trained first" };
        var command = new Command("ros2-flight", "The demo's policy flies a simulated robot in another process over DDS, in real time") { json, seconds, domain, folder };
        command.SetAction(async (parsed, _) =>
        {
            using var temporary = new BenchFolder(parsed.GetValue(folder));
            string home = parsed.GetValue(folder) ?? Path.Combine(temporary.Path, "demo");
            Ros2FlightResult r = await Ros2FlightBench.RunAsync(home, parsed.GetValue(domain), parsed.GetValue(seconds)).ConfigureAwait(false);
            Print(parsed.GetValue(json), r);
            return r is { StaleTicks: 0, BaselineTicks: 0 } ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    public static Command Hostile()
    {
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var domain = new Option<int>("--domain") { Description = "ROS domain that nobody else uses", DefaultValueFactory = _ => DefaultDomain };
        var samples = new Option<long>("--samples") { Description = "Payloads to send", DefaultValueFactory = _ => 1_000_000 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the payloads", DefaultValueFactory = _ => 1 };
        var command = new Command("ros2-hostile", "Truncated, oversized, wrong and random payloads over DDS on every topic of hardware/sim-quad-ros2") { json, domain, samples, seed };
        command.SetAction(parsed =>
        {
            ConfigDocument robot = ConfigDocument.Load(Installation.PathOf("hardware/sim-quad-ros2/robot.yaml"));
            robot.Override($"driver.domain={parsed.GetValue(domain)}");
            robot.Override("driver.interface=lo");
            using Ros2Driver driver = Ros2Driver.Read(robot.Root.Map("driver"), robot.Root.Map("channels"), MonotonicClock.Instance);
            using var context = new RosContext(driver.Settings.Options, MonotonicClock.Instance);
            HostileResult r = HostileBenchmark.Run(driver, context.CreateNode("attacker"), parsed.GetValue(samples), parsed.GetValue(seed), MonotonicClock.Instance);
            Print(parsed.GetValue(json), new
            {
                samples = r.Samples,
                malformed = r.Malformed,
                oversized = r.Oversized,
                other_frame = r.OtherFrame,
                incomplete = r.Incomplete,
                taken = r.Taken,
                handler_failures = r.HandlerFailures,
                reads_afterwards = r.ReadsAfterwards,
            });
            return r is { HandlerFailures: 0, ReadsAfterwards: true } ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static void Print(bool json, object figures) =>
        Console.WriteLine(JsonSerializer.Serialize(figures, json ? null : s_indented));
}
