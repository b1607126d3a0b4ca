using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Bench;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics bench</c>: measures, and counts, on this machine.</summary>
internal static class BenchVerb
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Build()
    {
        var command = new Command("bench", "Measure on this machine. Example: robotics bench link --json");
        foreach (Command bench in LearnerBenches.All())
            command.Subcommands.Add(bench);
        command.Subcommands.Add(PolicyBenches.Inference());
        command.Subcommands.Add(PolicyBenches.Swap());
        command.Subcommands.Add(LoopBenches.Loop());
        command.Subcommands.Add(LoopBenches.Part());
        command.Subcommands.Add(Link());
        command.Subcommands.Add(Kill());
        command.Subcommands.Add(KillPart());
        command.Subcommands.Add(SerialBenches.Parsers());
        command.Subcommands.Add(SerialBenches.Reactions());
        command.Subcommands.Add(Ros2Benches.RoundTrip());
        command.Subcommands.Add(Ros2Benches.Flight());
        command.Subcommands.Add(HilBenches.Hil());
        command.Subcommands.Add(HilBenches.Reference());
        command.Subcommands.Add(Ros2Benches.Hostile());
        return command;
    }

    private static Command Link()
    {
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var keep = new Option<string?>("--out") { Description = "Keep spools and stores in this folder" };
        var command = new Command("link", "The experience path: ring, spool, TCP with CURVE, ingest, fsync'd store; beside it bare ZeroMQ and the bare disk") { json, keep };
        command.SetAction(parsed =>
        {
            using var folder = new BenchFolder(parsed.GetValue(keep));
            LinkBenchResult result = LinkBench.Run(LinkBenchOptions.Default(folder.Path));
            Console.WriteLine(JsonSerializer.Serialize(result, parsed.GetValue(json) ? null : Indented));
            return result.Lost == 0 ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static Command Kill()
    {
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var keep = new Option<string?>("--out") { Description = "Keep spool and store in this folder" };
        var rounds = new Option<int>("--rounds") { Description = "Kills", DefaultValueFactory = _ => 200 };
        var seed = new Option<ulong>("--seed") { Description = "Seed of the choice of victims and moments", DefaultValueFactory = _ => 1 };
        var command = new Command("kill", "Kills control, agent and learner at random moments and counts what is lost or doubled") { json, keep, rounds, seed };
        command.SetAction(parsed =>
        {
            using var folder = new BenchFolder(parsed.GetValue(keep));
            using var bench = new KillBench(folder.Path, parsed.GetValue(rounds), parsed.GetValue(seed));
            KillBenchResult result = bench.Run();
            Console.WriteLine(JsonSerializer.Serialize(result, parsed.GetValue(json) ? null : Indented));
            return result.IsClean ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static Command KillPart()
    {
        var part = new Argument<string>("part");
        var folder = new Argument<string>("folder");
        var argument = new Argument<string>("argument");
        var seed = new Argument<ulong>("seed");
        var command = new Command("kill-part") { part, folder, argument, seed };
        command.Hidden = true;
        command.SetAction(parsed => KillBenchPart.Run(
            parsed.GetRequiredValue(part), parsed.GetRequiredValue(folder), parsed.GetRequiredValue(argument), parsed.GetValue(seed)));
        return command;
    }
}
