using Robotics.Core;
using Robotics.Learner.Td3;
using Robotics.Tasks;

namespace Robotics.Learner.Bench.Hover;

/// <summary>The hover figures: CPU seconds of the whole run in one process (simulation, exploration and learner), and what it learns.</summary>
/// <remarks>Behind <c>robotics bench hover</c>. CPU time, so that other programs on the machine do not count.</remarks>
public static class HoverBench
{
    private const int Episodes = 200;
    private const ulong EvaluationSeed = 1000; // apart from the training seeds

    /// <summary>Trains once per seed and evaluates the published policy over 200 episodes with noise and disturbance.</summary>
    /// <param name="hover">The task and its airframe.</param>
    /// <param name="options">For example <see cref="Td3Options.Published"/> or <see cref="Td3Options.Steady"/>.</param>
    /// <param name="seeds">One run each.</param>
    /// <param name="publishEvery">Age of the acting policy in steps; 1 is the published recipe.</param>
    /// <param name="progress">Called after every run.</param>
    public static HoverFigures Measure(
        SimulatedQuadrotorTask hover, Td3Options options, IReadOnlyList<ulong> seeds, int publishEvery = 1, Action<HoverFigures>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(hover);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(seeds);
        var runs = new List<HoverFigures>();
        foreach (ulong seed in seeds)
        {
            double start = CpuTime.ProcessSeconds;
            using var run = new HoverRun(hover.Single(seed), options, seed) { PublishEvery = publishEvery };
            run.RunTo(options.Steps);
            double cpu = CpuTime.ProcessSeconds - start;
            HoverQuality quality = HoverQuality.Of(run.Trainer.Learner.Published, hover.Single(EvaluationSeed + seed), Episodes);
            runs.Add(new HoverFigures(cpu, quality.MeanEpisodeLength, quality.SettledShare, quality.MeanFinalError, 1));
            progress?.Invoke(runs[^1]);
        }
        return new HoverFigures(
            Median(runs, r => r.CpuS),
            Median(runs, r => r.MeanEpisodeLength),
            Median(runs, r => r.SettledShare),
            Median(runs, r => r.MeanFinalErrorM),
            runs.Count
        );
    }

    private static double Median(List<HoverFigures> runs, Func<HoverFigures, double> figure)
    {
        double[] sorted = [.. runs.Select(figure).Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
