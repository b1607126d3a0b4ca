namespace Robotics.Learner.Replay;

/// <summary>What of a minibatch an update reads. Reward, continuation and slots are always gathered; what is not asked for keeps its old values.</summary>
[Flags]
public enum ReplayParts
{
    /// <summary>Nothing but rewards and flags.</summary>
    None = 0,

    /// <summary><see cref="ReplayBatch.Observation"/>.</summary>
    Observation = 1,

    /// <summary><see cref="ReplayBatch.NextObservation"/>.</summary>
    NextObservation = 2,

    /// <summary><see cref="ReplayBatch.CriticInput"/>, the action included.</summary>
    CriticInput = 4,

    /// <summary><see cref="ReplayBatch.NextCriticInput"/>, but for its action.</summary>
    NextCriticInput = 8,

    /// <summary><see cref="ReplayBatch.Images"/>.</summary>
    Images = 16,

    /// <summary><see cref="ReplayBatch.NextImages"/>.</summary>
    NextImages = 32,

    /// <summary>Everything.</summary>
    All = 63,
}
