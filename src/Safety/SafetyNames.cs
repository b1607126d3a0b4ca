using System.Text;
using Robotics.Core;

namespace Robotics.Safety;

/// <summary>Causes and actions as they are written in robot.yaml, journals and messages: <c>stale_sample</c>, <c>controlled_stop</c>.</summary>
public static class SafetyNames
{
    /// <summary>Name of one cause.</summary>
    public static string Of(SafetyCauses cause) => SnakeCase(cause.ToString());

    /// <summary>Name of an action.</summary>
    public static string Of(SafetyAction action) => SnakeCase(action.ToString());

    /// <summary>Names of all causes in <paramref name="causes"/>, for people.</summary>
    public static string List(SafetyCauses causes) => causes == SafetyCauses.None ? "none" : string.Join(", ", causes.ToString().Split(", ").Select(SnakeCase));

    /// <summary>Names of all checks in <paramref name="checks"/>, as robot.yaml writes them.</summary>
    public static string List(ArmingChecks checks) => checks == ArmingChecks.None ? "none" : string.Join(", ", checks.ToString().Split(", ").Select(SnakeCase));

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (char c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }
}
