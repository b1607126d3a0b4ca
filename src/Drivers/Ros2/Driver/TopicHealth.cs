namespace Robotics.Drivers.Ros2;

/// <summary>How one subscribed topic is doing.</summary>
/// <param name="Topic">Absolute name.</param>
/// <param name="Type">ROS type.</param>
/// <param name="Publishers">Connected publishers; 0 with data flowing elsewhere usually means QoS that does not match.</param>
/// <param name="Received">Good messages.</param>
/// <param name="Malformed">Messages whose bytes are not of the type.</param>
/// <param name="Oversized">Messages over the size limit.</param>
/// <param name="OtherFrame">Messages of another frame than configured.</param>
/// <param name="Incomplete">Messages without an element that is mapped.</param>
/// <param name="AgeNs">Since the last good one; <see cref="long.MaxValue"/> where there was none.</param>
/// <param name="IsStale">Older than the topic's <c>staleness_ms</c>.</param>
public sealed record TopicHealth(
    string Topic, string Type, int Publishers, long Received, long Malformed, long Oversized, long OtherFrame, long Incomplete, long AgeNs, bool IsStale);
