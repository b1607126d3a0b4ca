#pragma warning disable MA0048 // the generic form of IRosMessage
namespace Robotics.Drivers.Ros2;

/// <summary>A message whose type is known at compile time.</summary>
public interface IRosMessage<TSelf> : IRosMessage
    where TSelf : IRosMessage<TSelf>, new()
{
    /// <summary>Full name, for example <c>sensor_msgs/msg/Imu</c>.</summary>
    static abstract string RosType { get; }

    /// <summary>RIHS01 hash of the type.</summary>
    static abstract string RosTypeHash { get; }
}
