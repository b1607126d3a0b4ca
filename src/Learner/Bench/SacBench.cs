using Robotics.Core;
using Robotics.Learner.Kernels;
using Robotics.Learner.Replay;
using Robotics.Learner.Sac;

namespace Robotics.Learner.Bench;

/// <summary>Updates per second of one SAC step at the size of the PyTorch peer: observation 32, action 8, 256-256, batch 256, LayerNorm
/// critics, sampling included.</summary>
public static class SacBench
{
    private const int Stored = 100_000;
    private const int Warmup = 30;
    private const int PerBlock = 40;
    private const int Blocks = 9;

    /// <summary>Median over blocks of updates per second: per CPU second of one core for one thread, per wall second by
    /// <paramref name="clock"/> for several (their CPU seconds would hide what the split gains).</summary>
    public static double UpdatesPerSecond(int critics, int threads, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var layout = new ReplayLayout(32, 0, 8, 0);
        using ReplayStore store = Fill(layout);
        var options = new SacOptions { Critics = critics, TargetSubset = critics, CriticLayerNorm = true, Warmup = 0 };
        using var learner = new SacLearner(options, layout, 1, DenseKernels.For(KernelChoice.Auto), threads);
        for (int i = 0; i < Warmup; i++)
            learner.Step(1, store);
        var rates = new double[Blocks];
        for (int block = 0; block < Blocks; block++)
        {
            double start = Now(threads, clock);
            for (int i = 0; i < PerBlock; i++)
                learner.Step(1, store);
            rates[block] = PerBlock / (Now(threads, clock) - start);
        }
        Array.Sort(rates);
        return rates[Blocks / 2];
    }

    private static double Now(int threads, IClock clock) => threads == 1 ? CpuTime.ProcessSeconds : clock.NowNs * 1e-9;

    private static ReplayStore Fill(ReplayLayout layout)
    {
        var store = new ReplayStore(layout, Stored + (Stored / 50), new FirstValueReward());
        var random = new SeededRandom(1);
        var frame = new float[layout.FrameLength];
        var action = new float[layout.ActionLength];
        for (int i = 0; i < Stored; i++)
        {
            foreach (ref float x in frame.AsSpan())
                x = (float)random.NextGaussian();
            foreach (ref float a in action.AsSpan())
                a = (float)random.NextUniform(-1, 1);
            bool last = i % 100 == 99;
            store.Add(new EnvironmentStep { Frame = frame, Action = action, EpisodeStep = i % 100, Terminated = last, FinalFrame = frame });
        }
        return store;
    }

    private sealed class FirstValueReward : IRewardModel
    {
        public bool Advance(long ingestedSteps) => false;

        public float Reward(ReadOnlySpan<float> criticState, ReadOnlySpan<float> action, StepLabels labels) => criticState[0];
    }
}
