using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Bench;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics bench hil</c>: learning with a simulated person on peg insertion.</summary>
internal static class HilBenches
{
    private static readonly JsonSerializerOptions s_line = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly JsonSerializerOptions s_indented = new(s_line) { WriteIndented = true };

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
