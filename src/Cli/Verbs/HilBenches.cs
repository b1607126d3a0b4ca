using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Robotics.Cli.Bench;
using Robotics.Cli.Bench.Hil;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics bench hil</c>: learning with a simulated person on peg insertion.</summary>
internal static class HilBenches
{
    private const ulong MaxSeeds = 1000; // a day of training

    private static readonly JsonSerializerOptions s_line = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly JsonSerializerOptions s_indented = new(s_line) { WriteIndented = true };

    public static Command Hil()
    {
        var json = new Option<bool>("--json") { Description = "One line for machines" };
        var run = new Option<string>("--run") { Description = "Run file", DefaultValueFactory = _ => Installation.PathOf("runs/insert.yaml") };
        var rlif = new Option<string>("--rlif-run") { Description = "Run file of learning from interventions alone", DefaultValueFactory = _ => Installation.PathOf("runs/insert-rlif.yaml") };
        var demonstrations = new Option<int>("--demonstrations") { Description = "Demonstrations given beforehand", DefaultValueFactory = _ => HilSettings.Default.Demonstrations };
        var keep = new Option<string?>("--out") { Description = "Keep curves (PNG) and every seed's figures here; seeds found here are not run again" };
        var seeds = new Option<string>("--seeds") { Description = "Seeds: FIRST..LAST, or how many from 0 on", DefaultValueFactory = _ => "5" };
        var steps = new Option<long>("--steps") { Description = "Environment steps of every training", DefaultValueFactory = _ => HilSettings.Default.Steps };
        var command = new Command("hil", "Peg insertion alone, with demonstrations, with interventions; RLIF against behaviour cloning (minutes)") { json, run, rlif, keep, seeds, steps, demonstrations };
        command.SetAction(parsed =>
        {
            using var folder = new BenchFolder(parsed.GetValue(keep));
            HilSettings settings = HilSettings.Default with { Steps = parsed.GetValue(steps), Demonstrations = parsed.GetValue(demonstrations) };
            var bench = new HilBench(parsed.GetRequiredValue(run), parsed.GetRequiredValue(rlif), settings, folder.Path, Console.Error.WriteLine);
            HilFigures figures = bench.Run(SeedsOf(parsed.GetRequiredValue(seeds)));
            Console.WriteLine(JsonSerializer.Serialize(figures, parsed.GetValue(json) ? s_line : s_indented));
            return ExitCode.Ok;
        });
        return command;
    }

    private static ulong[] SeedsOf(string text)
    {
        string[] parts = text.Split("..");
        ulong first = 0, last = 0;
        bool valid = parts.Length == 1
            ? ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out last) && last-- > 0
            : parts.Length == 2 && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out first)
                && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out last);
        if (!valid || last < first || last - first >= MaxSeeds)
            throw new FailureException($"--seeds {text}: FIRST..LAST or a number, at most {MaxSeeds} seeds, for example 31..35", ExitCode.Usage);
        return [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => first + (ulong)i)];
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
