namespace Robotics.Drivers.Ros2;

/// <summary>A message type as its .msg text (or one half of a .srv text) describes it.</summary>
/// <param name="Name">Full name, for example <c>sensor_msgs/msg/Imu</c> or <c>std_srvs/srv/SetBool_Request</c>.</param>
/// <param name="Fields">In the order of the text; never empty (an empty text has the one octet that the IDL mapping demands).</param>
/// <param name="Constants">In the order of the text.</param>
public sealed record RosMessageType(string Name, IReadOnlyList<RosField> Fields, IReadOnlyList<RosConstant> Constants)
{
    /// <summary>Name of the one octet of an empty message (rosidl_adapter, <c>EMPTY_STRUCTURE_REQUIRED_MEMBER_NAME</c>).</summary>
    public const string EmptyMember = "structure_needs_at_least_one_member";

    /// <summary>Package, the part before the first slash.</summary>
    public string Package => Name[..Name.IndexOf('/', StringComparison.Ordinal)];

    /// <summary>Name without package and kind.</summary>
    public string ShortName => Name[(Name.LastIndexOf('/') + 1)..];

    /// <summary>Name of the type on the DDS wire: <c>sensor_msgs::msg::dds_::Imu_</c>.</summary>
    public string DdsName => RosNames.DdsType(Name);
}
