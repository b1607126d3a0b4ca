using Robotics.Core;
using Robotics.Learner.Kernels;
using Robotics.Learner.Replay;
using Robotics.Learner.Sac;

namespace Robotics.Learner.Bench;

/// <summary>One SAC learner at the size of the PyTorch peer (bench/peers/sac_torch.py): observation 32, action 8, 256-256, batch 256, LayerNorm
/// critics, minimum over all critics, sampling included.</summary>
/// <remarks>Runs as many updates as it is told, so that rounds can take turns with the peer's.</remarks>
public sealed class SacBench : IDisposable
{
    private const int Stored = 100_000; // as the peer
    private const int Warmup = 500; // the JIT has its last word on the loops between the kernels after some hundred updates
    private readonly ReplayMemory _replay;
    private readonly SacLearner _learner;

    /// <summary>A warm learner with <paramref name="critics"/> critics on <paramref name="threads"/> threads.</summary>
    public SacBench(int critics, int threads, KernelChoice kernels = KernelChoice.Auto)
    {
        var layout = new ReplayLayout(32, 0, 8, 0);
        _replay = Fill(layout);
        var options = new SacOptions { Critics = critics, TargetSubset = critics, CriticLayerNorm = true, Warmup = 0 };
        _learner = new SacLearner(options, layout, 1, DenseKernels.For(kernels), threads);
        Run(Warmup * 2 / critics);
    }

    /// <summary>Runs <paramref name="updates"/> updates.</summary>
    /// <returns>CPU seconds of all threads, and wall seconds: CPU seconds would hide what a split over threads gains.</returns>
    public (double CpuS, double WallS) Run(int updates)
    {
        double cpu = CpuTime.ProcessSeconds;
        long wall = MonotonicClock.Instance.NowNs;
        for (int i = 0; i < updates; i++)
            _learner.Step(1, _replay);
        return (CpuTime.ProcessSeconds - cpu, (MonotonicClock.Instance.NowNs - wall) * 1e-9);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _learner.Dispose();
        _replay.Dispose();
    }

    private static ReplayMemory Fill(ReplayLayout layout)
    {
        var replay = new ReplayMemory(layout, ReplaySizes.For(Stored), new FirstValueReward());
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
            replay.Add(new EnvironmentStep { Frame = frame, Action = action, EpisodeStep = i % 100, Terminated = last, FinalFrame = frame });
        }
        return replay;
    }

    private sealed class FirstValueReward : IRewardModel
    {
        public bool Advance(long ingestedSteps) => false;

        public float Reward(ReadOnlySpan<float> criticState, ReadOnlySpan<float> action, StepLabels labels) => criticState[0];
    }
}
