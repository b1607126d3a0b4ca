using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Bench;
using Robotics.Core;
using Robotics.Policies;

namespace Robotics.Cli.Verbs;

/// <summary>The benchmarks of policies: <c>robotics bench inference</c> and <c>robotics bench swap</c>.</summary>
internal static class PolicyBenches
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Inference()
    {
        Option<bool> json = JsonOption();
        var command = new Command("inference", "One forward pass of the networks that fly") { json };
        command.SetAction(parsed =>
        {
            InferenceFigures figures = new InferenceBenchmark(MonotonicClock.Instance).Run();
            Print(
                parsed.GetValue(json),
                new
                {
                    mlp_32_64_64_4_ns = figures.Mlp32.MedianNs,
                    mlp_146_64_64_4_ns = figures.Mlp146.MedianNs,
                    raptor_step_ns = figures.RaptorStep.MedianNs,
                    mlp_32_64_64_4_p10_ns = figures.Mlp32.P10Ns,
                    mlp_146_64_64_4_p10_ns = figures.Mlp146.P10Ns,
                    raptor_step_p10_ns = figures.RaptorStep.P10Ns,
                    figures.VectorWidth,
                }
            );
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Swap()
    {
        Option<bool> json = JsonOption();
        var swaps = new Option<int>("--swaps") { Description = "Swaps of the hover actor while ticking at 1 kHz", DefaultValueFactory = _ => 1000 };
        var kills = new Option<int>("--kills") { Description = "Times the agent's process is killed in the middle of a swap", DefaultValueFactory = _ => 20 };
        var control = new Option<string?>("--control") { Hidden = true };
        var command = new Command("swap", "Policies from a learner to a control process that ticks at 1 kHz. Example: robotics bench swap --json") { json, swaps, kills, control };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(control) is { } name)
                return SwapControl.Run(name, Environment.ProcessorCount - 1);
            Print(parsed.GetValue(json), Swaps(parsed.GetValue(swaps)) with
            {
                Kills = parsed.GetValue(kills),
                KillsWithOneValidPolicy = Killed(parsed.GetValue(kills)),
            });
            return ExitCode.Ok;
        });
        return command;
    }

    private static SwapFigures Swaps(int swaps)
    {
        using var benchmark = new SwapBenchmark();
        return swaps == 0 ? new SwapFigures() : benchmark.Run(swaps, largeSwaps: 200, agedVersions: 100);
    }

    private static int Killed(int kills)
    {
        using var edge = new SwapKills(Installation.PathOf("runs/raptor-hover.yaml"));
        return edge.Run(kills);
    }

    private static Option<bool> JsonOption() => new("--json") { Description = "One line of JSON" };

    private static void Print<T>(bool isJson, T figures)
    {
        string line = JsonSerializer.Serialize(figures, Json);
        if (isJson)
        {
            Console.WriteLine(line);
            return;
        }
        foreach (JsonProperty figure in JsonDocument.Parse(line).RootElement.EnumerateObject())
            Console.WriteLine($"{figure.Name,-32} {figure.Value}");
    }
}
