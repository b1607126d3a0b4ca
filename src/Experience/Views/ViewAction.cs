namespace Robotics.Experience;

/// <summary>Which of a record's actions a view learns from.</summary>
public enum ViewAction
{
    /// <summary>What went to the actuators after safety: what really led to the next observation.</summary>
    Executed = 0,

    /// <summary>What the person gave: what a learner should imitate.</summary>
    Human = 1,
}
