namespace Robotics.Tasks;

/// <summary>What the task says of the state after a step. Time limits are not the task's outcome: they truncate.</summary>
public enum EpisodeOutcome
{
    /// <summary>The episode goes on.</summary>
    Running,

    /// <summary>The task is done.</summary>
    Success,

    /// <summary>The robot left the task's box.</summary>
    Failure,
}
