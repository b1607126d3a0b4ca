namespace Robotics.Learner.Replay;

/// <summary>The task's reward as a pure function of what a transition holds, with the weights in force.</summary>
/// <remarks>The replay asks once per stored step, and again for all of them when a curriculum changes the weights.</remarks>
public interface IRewardModel
{
    /// <summary>Takes the weights that hold after <paramref name="ingestedSteps"/> environment steps.</summary>
    /// <returns>True where they changed: stored rewards are to be computed again.</returns>
    bool Advance(long ingestedSteps);

    /// <summary>Reward of the step from <paramref name="criticState"/> (the state, not its successor) under
    /// <paramref name="action"/>; <paramref name="labels"/> tell what the step led to.</summary>
    float Reward(ReadOnlySpan<float> criticState, ReadOnlySpan<float> action, StepLabels labels);
}
