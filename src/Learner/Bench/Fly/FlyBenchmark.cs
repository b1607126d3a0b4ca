using Robotics.Core;
using Robotics.Learner.Apg;
using Robotics.Learner.Kernels;
using Robotics.Tasks;

namespace Robotics.Learner.Bench.Fly;

/// <summary>Hover by analytic policy gradient from zero: <c>robotics bench fly</c>.</summary>
/// <remarks>CPU time of the calling thread spent in updates, first compilation excluded; the policy is evaluated every 20 updates outside that time.</remarks>
public sealed class FlyBenchmark
{
    private const int EvaluationVehicles = 208; // at least the 200 episodes that the published evaluation has, in blocks of 16
    private const int UpdatesBetweenEvaluations = 20;
    private const int FirstSeed = 101; // constants were chosen on lower ones
    private readonly Func<int, ulong, BatchedEnvironment> _environment;
    private readonly ApgOptions _options;

    /// <summary>A benchmark in environments made by <paramref name="environment"/> (vehicles, seed).</summary>
    public FlyBenchmark(Func<int, ulong, BatchedEnvironment> environment, ApgOptions? options = null) =>
        (_environment, _options) = (environment, options ?? new ApgOptions());

    /// <summary>Trains with <paramref name="seeds"/> seeds.</summary>
    public FlyFigures Run(IClock clock, int seeds = 10)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(seeds);
        using (var warm = new ApgLearner(_environment(_options.Vehicles, 0), _options, KernelChoice.Auto, 0))
        {
            for (int i = 0; i < 100; i++)
                warm.Update();
        }
        FlyFigures[] runs = [.. Enumerable.Range(FirstSeed, seeds).Select(seed => Train(clock, (ulong)seed))];
        return new FlyFigures(
            Median(runs.Select(f => f.CpuSTo440)), Median(runs.Select(f => f.CpuSTo475)), Median(runs.Select(f => f.MeanEpisodeLength)),
            Median(runs.Select(f => f.SettledShare)), seeds);
    }

    private FlyFigures Train(IClock clock, ulong seed)
    {
        using var learner = new ApgLearner(_environment(_options.Vehicles, seed), _options, KernelChoice.Auto, seed);
        double cpu = 0, to440 = double.PositiveInfinity, to475 = double.PositiveInfinity;
        var quality = new ApgQuality(0, 0);
        while (learner.Updates < _options.Updates)
        {
            long start = clock.NowNs;
            for (int i = 0; i < UpdatesBetweenEvaluations; i++)
                learner.Update();
            cpu += (clock.NowNs - start) * 1e-9;
            quality = ApgQuality.Of(learner.Policy, _environment(EvaluationVehicles, 1_000_000 + seed));
            if (quality.MeanEpisodeLength >= 440)
                to440 = Math.Min(to440, cpu);
            if (quality.MeanEpisodeLength >= 475 && quality.SettledShare >= 0.9)
                to475 = Math.Min(to475, cpu);
        }
        return new FlyFigures(to440, to475, quality.MeanEpisodeLength, quality.SettledShare, 1);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
