using Robotics.Experience;

namespace Robotics.Learner.Replay;

/// <summary>The intervention is the reward: -1 for the step that made a person take over, 0 for every other (RLIF, arXiv:2311.12996).</summary>
public sealed class RlifReward : IRewardModel
{
    /// <inheritdoc/>
    public bool Advance(long ingestedSteps) => false;

    /// <inheritdoc/>
    public float Reward(ReadOnlySpan<float> criticState, ReadOnlySpan<float> action, StepLabels labels) =>
        (labels & StepLabels.CausedIntervention) != 0 ? ExperienceViews.RlifInterventionReward : 0;
}
