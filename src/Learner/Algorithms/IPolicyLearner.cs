using Robotics.Learner.Checkpoints;
using Robotics.Learner.Networks;
using Robotics.Learner.Replay;

namespace Robotics.Learner;

/// <summary>One algorithm with its networks and its schedule, as the trainer drives it.</summary>
/// <remarks>
/// Not thread-safe; repeatable to the bit from seed and steps. To add one: 1. implement this interface; 2. read its constants in
/// <see cref="LearningAlgorithm.Read"/>; 3. a page in docs/algorithms.
/// </remarks>
public interface IPolicyLearner : IDisposable
{
    /// <summary>The newest actor.</summary>
    Mlp Actor { get; }

    /// <summary>The actor to publish; its first outputs, as many as the action has values, are the action before <see cref="ActionSquash"/>.</summary>
    Mlp Published { get; }

    /// <summary>What turns those outputs into the action.</summary>
    Policies.Activation ActionSquash { get; }

    /// <summary>Critic updates so far; 0 for an algorithm without a critic.</summary>
    long CriticUpdates { get; }

    /// <summary>Actor updates so far.</summary>
    long ActorUpdates { get; }

    /// <summary>The updates due after environment step <paramref name="step"/> (the first is 1); 0 for those before it.</summary>
    /// <param name="step">Environment steps ingested.</param>
    /// <param name="replay">Every step of the run, and those of people apart where the algorithm asked for that.</param>
    void Step(long step, ReplayMemory replay);

    /// <summary>Writes everything that future updates depend on but the memories.</summary>
    internal void Save(CheckpointWriter writer);

    /// <summary>Restores what <see cref="Save"/> wrote.</summary>
    internal void Restore(CheckpointReader reader);
}
