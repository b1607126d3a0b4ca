namespace Robotics.Drivers.Ros2;

/// <summary>How far a participant looks for others (REP-2017, ROS_AUTOMATIC_DISCOVERY_RANGE).</summary>
public enum DiscoveryRange
{
    /// <summary>This machine only: the default here, because whoever can reach a robot's topics can move it.</summary>
    Localhost,

    /// <summary>The local network by multicast: the default of ROS 2.</summary>
    Subnet,

    /// <summary>Nobody.</summary>
    Off,
}
