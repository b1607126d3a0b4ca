namespace Robotics.Safety;

/// <summary>When a cause that was raised stops acting. Ordered: further down holds longer.</summary>
public enum ClearCondition : byte
{
    /// <summary>With the condition itself, in the same tick.</summary>
    AtOnce,

    /// <summary>When the condition has been absent for the robot's dwell time.</summary>
    AfterDwell,

    /// <summary>When the episode ends.</summary>
    EpisodeEnd,

    /// <summary>When a person disarms; motion needs arming again.</summary>
    ReArm,

    /// <summary>Never while this process lives.</summary>
    Restart,
}
