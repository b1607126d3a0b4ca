namespace Robotics.Safety;

/// <summary>What the baseline controller is asked to do. Ordered like the safety actions that ask for it.</summary>
public enum BaselineGoal : byte
{
    /// <summary>Stay: hover where it braked, hold the joints.</summary>
    Hold,

    /// <summary>Come to rest for good: brake and land, decelerate and hold.</summary>
    Stop,

    /// <summary>Let go gently: descend, ramp the torque away.</summary>
    Limp,
}
