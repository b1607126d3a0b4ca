using System.CommandLine;
using System.Text.Json;
using Robotics.Cli.Demo;
using Robotics.Configuration;
using Spectre.Console;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics demo</c>: learn to hover from zero, evaluate, survive the agent's death.</summary>
internal static class DemoVerb
{
    // A shorter training shows the same path; it hovers only roughly, so it is not held to the whole run's figure.
    private const long QuickSteps = 40_000;
    private const double RequiredLengthShare = 0.7; // 350 of the hover task's 500 steps: "hovers"; the published code reaches 416-460
    private const double RequiredSuccess = 0.9; // of 100 episodes; the insertion task reaches 0.99 (docs/benchmarks.md)
    private const double QuickRequiredLengthShare = 0.04; // it flew at all: falling out of the box takes about 40 of 500 steps

    public static Command Build()
    {
        var run = new Option<string>("--run") { Description = "Run file", DefaultValueFactory = _ => Installation.PathOf("runs/hover.yaml") };
        var set = new Option<string[]>("--set") { Description = "Override a key of the run file: a.b=v" };
        var seed = new Option<long>("--seed") { Description = "Seed of the run" };
        var json = new Option<bool>("--json") { Description = "Print one JSON line" };
        var output = new Option<string?>("--out") { Description = "Keep spool, store and bundles in this folder" };
        var quick = new Option<bool>("--quick") { Description = "The same path with a shorter training" };
        var kill = new Option<long>("--kill-learner-at") { Description = "SIGKILL the learner at this many steps and start it again" };
        var command = new Command("demo", "Learn to hover from zero in simulation, as separate processes. Example: robotics demo --seed 1 --out out")
        {
            run, set, seed, json, output, quick, kill,
        };
        command.SetAction(parsed =>
        {
            RunDescription description = RunDescription.Load(parsed.GetRequiredValue(run), parsed.GetValue(set));
            bool isQuick = parsed.GetValue(quick);
            var options = new DemoOptions
            {
                Run = parsed.GetRequiredValue(run),
                Set = parsed.GetValue(set) ?? [],
                Seed = (ulong)parsed.GetValue(seed),
                Steps = isQuick ? Math.Min(QuickSteps, description.Steps) : description.Steps,
                Out = parsed.GetValue(output),
                Json = parsed.GetValue(json),
                KillLearnerAt = parsed.GetValue(kill),
                RequiredLengthShare = isQuick ? QuickRequiredLengthShare : RequiredLengthShare,
                RealTimeSeconds = isQuick ? 6 : 10,
            };
            return Run(options);
        });
        return command;
    }

    private static int Run(DemoOptions options)
    {
        IDemoDisplay display = options.Json ? new SilentDisplay(Console.Error)
            : Console.IsOutputRedirected ? new PlainDisplay(Console.Out)
            : new TerminalDisplay(AnsiConsole.Console);
        DemoResult result;
        using (var demo = new DemoRun(options, display))
            result = demo.Run();
        if (options.Json)
            Console.WriteLine(JsonSerializer.Serialize(result));
        else
            Tell(display, result);
        bool whole = result is { Lost: 0, Duplicated: 0, AgentKillLost: 0 } && result.TransitionsRecorded == result.TransitionsInReplay;
        // A task that can be done is judged by how often it was, any other by how long it lasted.
        bool learnt = result.SuccessShare > 0
            ? result.SuccessShare >= RequiredSuccess
            : result.MeanEpisodeLength >= options.RequiredLengthShare * result.MaxEpisodeLength;
        return whole && learnt ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Tell(IDemoDisplay display, DemoResult result)
    {
        display.Say($"mean episode length {result.MeanEpisodeLength:F0} of {result.MaxEpisodeLength}, settled {result.SettledShare:P0}, success {result.SuccessShare:P0}, {result.PoliciesInstalled} policies installed, safety interventions {result.SafetyInterventions}");
        display.Say($"{result.TransitionsRecorded:N0} transitions recorded, {result.TransitionsInReplay:N0} in replay, lost {result.Lost}, duplicated {result.Duplicated}");
        display.Say($"agent killed in flight: largest position error {result.AgentKillMaxPositionErrorM:F3} m, records lost {result.AgentKillLost}");
        display.Say($"wall {result.WallSeconds:F0} s, CPU {string.Join(", ", result.CpuSeconds.Select(c => $"{c.Key} {c.Value:F1} s"))}");
    }
}
