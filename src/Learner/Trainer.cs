using Robotics.Learner.Kernels;
using Robotics.Learner.Replay;
using Robotics.Learner.Td3;

namespace Robotics.Learner;

/// <summary>Learns from environment steps as they are ingested, on a schedule counted in ingested steps.</summary>
/// <remarks>The caller ingests a step, then calls <see cref="Step"/>: <c>trainer.Ingest(step); trainer.Step();</c>. Not thread-safe.
/// Repeatable: the same seed, options and steps give the same weights, bit for bit, on the same kernels.</remarks>
public sealed class Trainer : IDisposable
{
    private readonly IRewardModel _rewards;
    private readonly ReplayStore _replay;

    /// <summary>A trainer with freshly initialised networks.</summary>
    public Trainer(ReplayLayout layout, Td3Options options, IRewardModel rewards, ulong seed, KernelChoice kernels = KernelChoice.Auto)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(rewards);
        Layout = layout;
        Options = options;
        _rewards = rewards;
        // Episodes take one slot more than steps; the shortest average seen in the recipe is about 40 steps, so 1/8 is ample.
        int capacity = options.ReplayCapacity > 0 ? options.ReplayCapacity : (int)(options.Steps + (options.Steps / 8) + 64);
        _replay = new ReplayStore(layout, capacity, rewards);
        Learner = new Td3Learner(options, layout, seed, DenseKernels.For(kernels));
    }

    public ReplayLayout Layout { get; }

    public Td3Options Options { get; }

    /// <summary>Environment steps ingested so far.</summary>
    public long IngestedSteps { get; private set; }

    /// <summary>The networks and their updates.</summary>
    public Td3Learner Learner { get; }

    /// <summary>Takes one environment step into the replay memory and moves the curriculum on.</summary>
    public void Ingest(in EnvironmentStep step)
    {
        _replay.Add(step);
        IngestedSteps++;
        if (_rewards.Advance(IngestedSteps))
            _replay.Relabel();
    }

    /// <summary>The updates due after the last ingested step.</summary>
    public void Step() => Learner.Step(IngestedSteps, _replay);

    /// <inheritdoc/>
    public void Dispose()
    {
        _replay.Dispose();
        Learner.Dispose();
    }
}
