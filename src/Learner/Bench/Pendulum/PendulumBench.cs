using Robotics.Core;

namespace Robotics.Learner.Bench.Pendulum;

/// <summary>The pendulum figures behind <c>robotics bench pendulum</c>: CPU seconds and returns of TD3 and SAC, 20,000 steps each.</summary>
public static class PendulumBench
{
    private const long Steps = 20_000;
    private const ulong EvaluationSeed = 1000; // apart from the training seeds

    /// <summary>Medians over <paramref name="seeds"/>.</summary>
    public static PendulumFigures Measure(IReadOnlyList<ulong> seeds)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        (double td3Cpu, double td3Return) = Measure(sac: false, seeds);
        (double sacCpu, double sacReturn) = Measure(sac: true, seeds);
        return new PendulumFigures(td3Cpu, sacCpu, td3Return, sacReturn, seeds.Count);
    }

    private static (double CpuS, double Return) Measure(bool sac, IReadOnlyList<ulong> seeds)
    {
        var cpu = new List<double>();
        var returns = new List<double>();
        foreach (ulong seed in seeds)
        {
            double start = CpuTime.ProcessSeconds;
            using var run = new PendulumRun(sac, seed);
            run.RunTo(Steps);
            cpu.Add(CpuTime.ProcessSeconds - start);
            returns.Add(run.Evaluate(EvaluationSeed + seed));
        }
        cpu.Sort();
        returns.Sort();
        return (cpu[cpu.Count / 2], returns[returns.Count / 2]);
    }
}
