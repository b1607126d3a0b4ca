namespace Robotics.Teleop;

/// <summary>How one person's lease on the robot stands. Numbers are part of docs/formats/teleop.md.</summary>
public enum LeaseState : byte
{
    /// <summary>The switch is not held.</summary>
    Released = 0,

    /// <summary>This person commands.</summary>
    Held = 1,

    /// <summary>The switch is held, but another person commands.</summary>
    Waiting = 2,

    /// <summary>Frames stopped coming while the switch was held; it counts again after an unbroken while.</summary>
    Lapsed = 3,

    /// <summary>A person of higher priority took the lease; it counts again once the switch was let go.</summary>
    Preempted = 4,
}
