using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Demo;
using Robotics.Cli.Processes;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics control</c>: the control process of an edge. Started by <c>robotics run</c>; alone for tests and benchmarks.</summary>
internal static class ControlVerb
{
    public static Command Build()
    {
        var arguments = new RunArguments();
        var memory = new Option<string>("--memory") { Description = "Name of the memory shared with the agent", Required = true };
        var seconds = new Option<double>("--seconds") { Description = "Seconds to fly under a policy", DefaultValueFactory = _ => double.PositiveInfinity };
        var hover = new Option<bool>("--hover") { Description = "One flight at the target, without episodes" };
        var timings = new Option<bool>("--timings") { Description = "Measure where the time of the ticks goes" };
        var json = new Option<bool>("--json") { Description = "Print the result as one JSON line" };
        var command = new Command("control", "The real-time process of an edge. Example: robotics control runs/hover.yaml --memory quad")
        {
            memory, seconds, hover, timings, json,
        };
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            using var shutdown = new ShutdownSignal();
            var options = new ControlOptions
            {
                MemoryName = parsed.GetRequiredValue(memory),
                Folder = arguments.Folder(parsed),
                Seconds = parsed.GetValue(seconds),
                Hover = parsed.GetValue(hover),
                Timings = parsed.GetValue(timings),
            };
            using var control = new ControlProcess(arguments.Load(parsed), options, arguments.RobotOverrides(parsed));
            ControlResult result = control.Run(shutdown.Token);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(result));
            if (control.Fault is not { } fault)
                return ExitCode.Ok;
            Console.Error.WriteLine($"robotics control: an exception in the tick; the baseline flew from then on: {fault}");
            return ExitCode.SafetyStopLatched;
        });
        return command;
    }
}
