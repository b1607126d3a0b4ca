using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Bench;
using Robotics.Cli.Bench.Hil;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics bench hil</c>: learning with a simulated person on peg insertion.</summary>
internal static class HilBenches
{
    private static readonly JsonSerializerOptions s_line = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly JsonSerializerOptions s_indented = new(s_line) { WriteIndented = true };

    public static Command Hil()
    {
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var run = new Option<string>("--run") { Description = "Run file", DefaultValueFactory = _ => Installation.PathOf("runs/insert.yaml") };
        var rlif = new Option<string>("--rlif-run") { Description = "Run file of learning from interventions alone", DefaultValueFactory = _ => Installation.PathOf("runs/insert-rlif.yaml") };
        var demonstrations = new Option<int>("--demonstrations") { Description = "Demonstrations given beforehand", DefaultValueFactory = _ => HilSettings.Default.Demonstrations };
        var keep = new Option<string?>("--out") { Description = "Keep curves (PNG) and every seed's figures here; seeds found here are not run again" };
        var seeds = new Option<int>("--seeds") { Description = "Seeds, from 0 on", DefaultValueFactory = _ => 5 };
        var first = new Option<int>("--first-seed") { Description = "First seed", DefaultValueFactory = _ => 0 };
        var steps = new Option<long>("--steps") { Description = "Environment steps of every training", DefaultValueFactory = _ => HilSettings.Default.Steps };
        var command = new Command("hil", "Peg insertion alone, with demonstrations, with interventions; RLIF against behaviour cloning (minutes)") { json, run, rlif, keep, seeds, first, steps, demonstrations };
        command.SetAction(parsed =>
        {
            using var folder = new BenchFolder(parsed.GetValue(keep));
            HilSettings settings = HilSettings.Default with { Steps = parsed.GetValue(steps), Demonstrations = parsed.GetValue(demonstrations) };
            var bench = new HilBench(parsed.GetRequiredValue(run), parsed.GetRequiredValue(rlif), settings, folder.Path, Console.Error.WriteLine);
            int start = parsed.GetValue(first);
            HilFigures figures = bench.Run([.. Enumerable.Range(start, parsed.GetValue(seeds)).Select(i => (ulong)i)]);
            Console.WriteLine(JsonSerializer.Serialize(figures, parsed.GetValue(json) ? s_line : s_indented));
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Reference()
    {
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var run = new Option<string>("--run") { Description = "Run file", DefaultValueFactory = _ => Installation.PathOf("runs/insert.yaml") };
        var seed = new Option<long>("--seed") { Description = "Seed of starts and noise" };
        var episodes = new Option<int>("--episodes") { Description = "Episodes of each", DefaultValueFactory = _ => 1000 };
        var command = new Command("hil-reference", "Peg insertion before anything is learnt: scripted expert, simulated person, chance") { json, run, seed, episodes };
        command.SetAction(parsed =>
        {
            HilReference figures = HilReference.Measure(parsed.GetRequiredValue(run), (ulong)parsed.GetValue(seed), parsed.GetValue(episodes));
            Console.WriteLine(JsonSerializer.Serialize(figures, parsed.GetValue(json) ? s_line : s_indented));
            return ExitCode.Ok;
        });
        return command;
    }
}
