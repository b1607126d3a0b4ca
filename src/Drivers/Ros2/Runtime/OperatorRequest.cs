namespace Robotics.Drivers.Ros2;

/// <summary>What somebody in the graph asks of the control thread.</summary>
public enum OperatorRequest
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Arm, where every check is green.</summary>
    Arm,

    /// <summary>Disarm.</summary>
    Disarm,

    /// <summary>Acknowledge a latched stop.</summary>
    Acknowledge,
}
