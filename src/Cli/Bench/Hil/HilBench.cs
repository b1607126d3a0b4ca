using System.Text.Json;

namespace Robotics.Cli.Bench.Hil;

/// <summary><c>robotics bench hil</c>: peg insertion with the same number of environment steps alone, with demonstrations, and with
/// demonstrations and interventions; and learning from interventions alone.</summary>
/// <remarks>Every seed is a piece of its own that is kept in the output folder, so that a bench that was cut goes on where it was.</remarks>
internal sealed class HilBench(string runFile, string rlifFile, HilSettings settings, string folder, Action<string> log)
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>Runs (or loads) every seed and puts the figures together.</summary>
    public HilFigures Run(IReadOnlyList<ulong> seeds)
    {
        Directory.CreateDirectory(folder);
        HilSeed[] results = [.. seeds.Select(LoadOrRun)];
        HilPlot.Write(Path.Combine(folder, "hil-success.png"), results, settings);
        return HilFigures.Of(results, settings);
    }

    private HilSeed LoadOrRun(ulong seed)
    {
        string path = Path.Combine(folder, $"hil-seed-{seed}.json");
        if (File.Exists(path) && JsonSerializer.Deserialize<HilSeed>(File.ReadAllText(path), s_json) is { } kept && kept.Settings == settings)
            return kept;
        HilSeed result = RunSeed(seed);
        File.WriteAllText(path, JsonSerializer.Serialize(result, s_json));
        return result;
    }

    private HilSeed RunSeed(ulong seed)
    {
        IReadOnlyList<byte[]> demonstrations = HilRun.Demonstrate(runFile, seed, settings.Demonstrations);
        HilCurve alone = Train(HilMode.Alone, seed, []);
        HilCurve shown = Train(HilMode.Demonstrations, seed, demonstrations);
        HilCurve helped = Train(HilMode.Interventions, seed, demonstrations);
        using var rlif = new HilRun(rlifFile, HilMode.Rlif, seed, settings.Steps);
        HilCurve judged = Follow(rlif, seed);
        double cloned = rlif.EvaluateCloned(settings.CloningUpdates, settings.EvaluationEpisodes);
        log($"seed {seed}: behaviour cloning on the same interventions {cloned:P0}");
        return new HilSeed(seed, settings, alone, shown, helped, judged, cloned);
    }

    private HilCurve Train(HilMode mode, ulong seed, IReadOnlyList<byte[]> demonstrations)
    {
        using var run = new HilRun(runFile, mode, seed, settings.Steps);
        run.TakeDemonstrations(demonstrations);
        return Follow(run, seed);
    }

    private HilCurve Follow(HilRun run, ulong seed)
    {
        var success = new List<double>();
        var help = new List<double>();
        for (long steps = settings.EvaluateEvery; steps <= settings.Steps; steps += settings.EvaluateEvery)
        {
            run.RunTo(steps);
            success.Add(run.Evaluate(settings.EvaluationEpisodes));
            help.Add(run.HumanShareFrom(steps - settings.EvaluateEvery));
        }
        log($"seed {seed} {run.Mode}: success {string.Join(' ', success.Select(s => $"{100 * s:F0}"))} %, final intervention rate {run.FinalInterventionRate:P1}");
        return new HilCurve(success, help, run.FinalInterventionRate);
    }
}
