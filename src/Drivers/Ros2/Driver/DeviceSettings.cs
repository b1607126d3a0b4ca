using Robotics.Configuration;

namespace Robotics.Drivers.Ros2;

/// <summary>Section <c>driver.device</c>: the node that stands for the robot and the parameters by which it proves what it is (R15, R36).</summary>
/// <param name="Node">Absolute name of the robot's node.</param>
/// <param name="IdentityParameter">Its parameter that names the robot.</param>
/// <param name="Identity">What that must be.</param>
/// <param name="TimeoutParameter">Its parameter with the command timeout, ms.</param>
/// <param name="CommandTimeoutMs">What that may be at most.</param>
public sealed record DeviceSettings(string Node, string IdentityParameter, string Identity, string TimeoutParameter, double CommandTimeoutMs)
{
    /// <summary>Reads the section; null where it is absent.</summary>
    public static DeviceSettings? Read(ConfigMap? map)
    {
        if (map is null)
            return null;
        string node = map.String("node");
        if (!RosNames.IsValid(node))
            map.AddProblem("node", $"'{node}' is not the absolute name of a node, such as /quad/flight_controller");
        return new DeviceSettings(
            node,
            map.String("identity_parameter"),
            map.String("identity"),
            map.String("timeout_parameter"),
            map.Number("command_timeout_ms", 1, 10_000, tighten: Tighten.OnlyLower));
    }
}
