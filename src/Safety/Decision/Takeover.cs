namespace Robotics.Safety;

/// <summary>Who may command while a cause is in force.</summary>
public enum Takeover : byte
{
    /// <summary>Nobody but the baseline.</summary>
    Nobody,

    /// <summary>A person may: the cause speaks about the policy, not about the robot.</summary>
    Human,
}
