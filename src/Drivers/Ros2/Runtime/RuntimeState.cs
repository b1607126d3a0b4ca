using Robotics.Core;

namespace Robotics.Drivers.Ros2;

/// <summary>What the control process shows of itself to the graph. Filled by the control thread, several times a second or every tick.</summary>
public readonly record struct RuntimeState
{
    /// <summary>Control ticks since start.</summary>
    public long Ticks { get; init; }

    /// <summary>Control periods missed since start.</summary>
    public long MissedPeriods { get; init; }

    /// <summary>True while the robot is armed.</summary>
    public bool IsArmed { get; init; }

    /// <summary>True while a stop is latched.</summary>
    public bool IsLatched { get; init; }

    /// <summary>Safety action in force.</summary>
    public SafetyAction Action { get; init; }

    /// <summary>Causes in force.</summary>
    public SafetyCauses Causes { get; init; }

    /// <summary>The policy in charge.</summary>
    public PolicyIdentity Policy { get; init; }

    /// <summary>Whose proposal is being executed.</summary>
    public ActionSource Source { get; init; }

    /// <summary>Records that found the ring full.</summary>
    public long Dropped { get; init; }
}
