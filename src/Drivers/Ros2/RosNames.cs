namespace Robotics.Drivers.Ros2;

/// <summary>How names of the ROS graph are written on the DDS wire (rmw_cyclonedds_cpp, <c>make_fqtopic</c>, <c>create_type_name</c>).</summary>
public static class RosNames
{
    /// <summary>Topic that carries which node owns which endpoint.</summary>
    public const string DiscoveryTopic = "ros_discovery_info";

    /// <summary><c>/chatter</c> to <c>rt/chatter</c>.</summary>
    public static string Topic(string name) => "rt" + name;

    /// <summary><c>/arm</c> to <c>rq/armRequest</c>.</summary>
    public static string Request(string name) => "rq" + name + "Request";

    /// <summary><c>/arm</c> to <c>rr/armReply</c>.</summary>
    public static string Reply(string name) => "rr" + name + "Reply";

    /// <summary><c>pkg/msg/Name</c> to <c>pkg::msg::dds_::Name_</c>.</summary>
    public static string DdsType(string rosType)
    {
        ArgumentNullException.ThrowIfNull(rosType);
        string[] p = rosType.Split('/');
        return p.Length == 3 ? $"{p[0]}::{p[1]}::dds_::{p[2]}_" : throw new ArgumentException($"'{rosType}' is not pkg/msg/Name", nameof(rosType));
    }

    /// <summary><c>pkg::msg::dds_::Name_</c> to <c>pkg/msg/Name</c>; other DDS names stay as they are.</summary>
    public static string RosType(string ddsType)
    {
        ArgumentNullException.ThrowIfNull(ddsType);
        return ddsType.Contains("::dds_::", StringComparison.Ordinal) && ddsType.EndsWith('_')
            ? ddsType.Replace("::dds_::", "/", StringComparison.Ordinal).Replace("::", "/", StringComparison.Ordinal)[..^1]
            : ddsType;
    }

    /// <summary>Full name of <paramref name="name"/> as a node of <paramref name="nodeNamespace"/> means it: absolute, relative or private (~).</summary>
    public static string Resolve(string name, string nodeNamespace, string nodeName)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string root = nodeNamespace == "/" ? "" : nodeNamespace;
        string full = name[0] switch
        {
            '/' => name,
            '~' => $"{root}/{nodeName}{(name.Length > 1 && name[1] != '/' ? "/" : "")}{name[1..]}",
            _ => $"{root}/{name}",
        };
        return IsValid(full) ? full : throw new ArgumentException($"'{name}' (that is {full}) is not a legal ROS name: letters, digits, _ and / only, no // and no digit first", nameof(name));
    }

    /// <summary>True for an absolute name that ROS accepts (rmw_validate_full_topic_name).</summary>
    public static bool IsValid(string full)
    {
        ArgumentNullException.ThrowIfNull(full);
        if (full == "/")
            return true;
        if (full.Length is 0 or > 247 || full[0] != '/') // RMW_TOPIC_MAX_NAME_LENGTH
            return false;
        foreach (string token in full[1..].Split('/'))
        {
            if (token.Length == 0 || char.IsAsciiDigit(token[0]) || !token.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                return false;
        }
        return true;
    }
}
