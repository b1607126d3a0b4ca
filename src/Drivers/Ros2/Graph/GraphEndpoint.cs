using Robotics.Drivers.Ros2.Dds;

namespace Robotics.Drivers.Ros2;

/// <summary>A publisher or subscription somewhere in the graph.</summary>
/// <param name="Gid">Identity.</param>
/// <param name="DdsTopic">Name on the wire.</param>
/// <param name="Type">ROS type (<c>pkg/msg/Name</c>), or the DDS name of a type that is none.</param>
/// <param name="TypeHash">RIHS01 hash; empty where the peer announces none (Humble and older).</param>
/// <param name="Reliable">Its reliability.</param>
/// <param name="TransientLocal">Its durability.</param>
/// <param name="IsWriter">True for publishers.</param>
public sealed record GraphEndpoint(Gid Gid, string DdsTopic, string Type, string TypeHash, bool Reliable, bool TransientLocal, bool IsWriter)
{
    /// <summary>Name in ROS, without the DDS prefix; null where the endpoint is not a ROS topic.</summary>
    public string? Topic => DdsTopic.StartsWith("rt/", StringComparison.Ordinal) ? DdsTopic[2..] : null;
}
