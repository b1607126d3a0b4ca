using Robotics.Drivers.Ros2;

namespace Robotics.Ros2.Tests;

/// <summary>Generated records by ROS type name.</summary>
internal static class Records
{
    private static readonly Dictionary<string, Type> s_types = typeof(IRosMessage).Assembly.GetTypes()
        .Where(t => t is { IsAbstract: false, IsPublic: true } && t.Namespace?.StartsWith(RecordGenerator.RootNamespace, StringComparison.Ordinal) == true)
        .ToDictionary(t => (string)t.GetProperty("RosType")!.GetValue(null)!, StringComparer.Ordinal);

    public static IEnumerable<string> Names => s_types.Keys;

    public static IRosMessage Make(string type) => (IRosMessage)Activator.CreateInstance(s_types[type])!;
}
