namespace Robotics.Learner.Replay;

/// <summary>What a stored step was, as far as a reward depends on it.</summary>
[Flags]
public enum StepLabels
{
    /// <summary>An ordinary step.</summary>
    None = 0,

    /// <summary>The task ended here: in failure, unless <see cref="Succeeded"/> stands beside it.</summary>
    Terminated = 1,

    /// <summary>The task ended here in success.</summary>
    Succeeded = 2,

    /// <summary>A person took over with the step that follows.</summary>
    CausedIntervention = 4,
}
