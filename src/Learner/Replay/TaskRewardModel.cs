using Robotics.Tasks;

namespace Robotics.Learner.Replay;

/// <summary>The reward of a task file under its curriculum.</summary>
public sealed class TaskRewardModel : IRewardModel
{
    private readonly TaskReward _reward;
    private RewardWeights _weights;

    public TaskRewardModel(RobotTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        _reward = task.Reward;
        _weights = _reward.CurriculumAt(0);
    }

    /// <summary>Version of the weights in force.</summary>
    public uint Version => _weights.Version;

    /// <inheritdoc/>
    public bool Advance(long ingestedSteps)
    {
        RewardWeights next = _reward.CurriculumAt(ingestedSteps);
        bool changed = next.Version != _weights.Version;
        _weights = next;
        return changed;
    }

    /// <inheritdoc/>
    public float Reward(ReadOnlySpan<float> criticState, ReadOnlySpan<float> action, StepLabels labels)
    {
        EpisodeOutcome outcome = (labels & StepLabels.Succeeded) != 0 ? EpisodeOutcome.Success
            : (labels & StepLabels.Terminated) != 0 ? EpisodeOutcome.Failure : EpisodeOutcome.Running;
        return _reward.Of(criticState, action, outcome, _weights);
    }
}
