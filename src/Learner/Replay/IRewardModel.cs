namespace Robotics.Learner.Replay;

/// <summary>The task's reward as a pure function of what a transition holds, with the weights in force.</summary>
/// <remarks>The replay asks at every gather, so a curriculum that changes the weights relabels the whole memory at once.</remarks>
public interface IRewardModel
{
    /// <summary>Version of the weights in force; rises with every change.</summary>
    int Version { get; }

    /// <summary>Takes the weights that hold after <paramref name="ingestedSteps"/> environment steps.</summary>
    void Advance(long ingestedSteps);

    /// <summary>Reward of the step from <paramref name="criticState"/> (the state, not its successor) under
    /// <paramref name="action"/>; <paramref name="terminated"/>: the successor is terminal.</summary>
    float Reward(ReadOnlySpan<float> criticState, ReadOnlySpan<float> action, bool terminated);
}
