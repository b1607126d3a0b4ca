using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Bench;
using Robotics.Configuration;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics bench loop</c> and the processes it starts.</summary>
internal static class LoopBenches
{
    public static Command Loop()
    {
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var rate = new Option<int>("--rate") { Description = "Ticks per second", DefaultValueFactory = _ => 1000 };
        var seconds = new Option<int>("--seconds") { Description = "Seconds of flight, in blocks of ten with a block of the C loop and one of cyclictest after each", DefaultValueFactory = _ => 60 };
        var keep = new Option<string?>("--out") { Description = "Keep spool and bundles in this folder" };
        var command = new Command("loop", "The control process beside a C loop and cyclictest while agent and learner load the machine. Example: robotics bench loop --rate 1000 --seconds 60 --json")
        {
            json, rate, seconds, keep,
        };
        command.SetAction(parsed =>
        {
            using var folder = new BenchFolder(parsed.GetValue(keep));
            using var bench = new LoopBench(folder.Path, parsed.GetValue(rate), parsed.GetValue(seconds));
            LoopBenchResult result = bench.Measure();
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(result) : LoopBenchTable.Of(result));
            return result.IsClean ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    public static Command Part()
    {
        var part = new Argument<string>("part");
        var run = new Argument<string>("run");
        var folder = new Argument<string>("folder");
        var memory = new Argument<string>("memory");
        var command = new Command("loop-part") { part, run, folder, memory };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            using var shutdown = new ShutdownSignal();
            return parsed.GetRequiredValue(part) == "learner"
                ? LoopPart.Learner(shutdown.Token)
                : LoopPart.Agent(RunDescription.Load(parsed.GetRequiredValue(run)), parsed.GetRequiredValue(folder), parsed.GetRequiredValue(memory), shutdown.Token);
        });
        return command;
    }
}
