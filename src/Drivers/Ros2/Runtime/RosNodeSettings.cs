using Robotics.Configuration;

namespace Robotics.Drivers.Ros2;

/// <summary>Section <c>ros2</c> of a run file: under which names control and agent stand in a ROS 2 graph. Absent: in none.</summary>
/// <param name="Options">How to join: the driver's where the robot itself is on ROS 2, because a process has one domain configuration.</param>
/// <param name="Namespace">Namespace of both nodes.</param>
/// <param name="ControlName">Node of the control process.</param>
/// <param name="AgentName">Node of the agent.</param>
public sealed record RosNodeSettings(RosOptions Options, string Namespace, string ControlName, string AgentName)
{
    /// <summary>Reads the section.</summary>
    /// <param name="map">The section.</param>
    /// <param name="driver">Settings of a ros2 driver; null for a robot that is reached otherwise, whose section says how to join.</param>
    public static RosNodeSettings Read(ConfigMap map, Ros2DriverSettings? driver)
    {
        ArgumentNullException.ThrowIfNull(map);
        RosOptions options = driver?.Options ?? Ros2DriverSettings.ReadOptions(map);
        string space = map.String("namespace", driver?.NodeNamespace ?? "/");
        string name = map.String("node", "robotics");
        if (!RosNames.IsValid(space))
            map.AddProblem("namespace", $"'{space}' is not an absolute namespace such as / or /robot1");
        if (name.Contains('/', StringComparison.Ordinal) || !RosNames.IsValid("/" + name))
            map.AddProblem("node", $"'{name}' is not a node name: letters, digits and _ only, no digit first");
        return new RosNodeSettings(options, space, name, name + "_agent");
    }
}
