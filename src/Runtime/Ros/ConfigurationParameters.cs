using Robotics.Configuration;
using Robotics.Drivers.Ros2;
using Robotics.Runtime.Composition;

namespace Robotics.Runtime.Ros;

/// <summary>The configuration in force as read-only ROS parameters: <c>robot.…</c>, <c>task.…</c>, <c>run.…</c>, overrides applied.</summary>
/// <remarks>Read-only because a change at run time would be one nobody signed off; what may change has a parameter of its own.</remarks>
internal static class ConfigurationParameters
{
    public static IEnumerable<ParameterDeclaration> Of(RobotRig robot)
    {
        foreach ((string prefix, ConfigDocument document) in robot.Documents)
        {
            foreach ((string path, object value) in document.Root.Leaves())
                yield return new ParameterDeclaration($"{prefix}.{NameOf(path)}", value, $"{document.File}: {path}", ReadOnly: true);
        }
    }

    // Letters, digits, _ and . are what ROS tools take; robot.yaml also has message fields such as velocity[name=rotor_0] as keys.
    private static string NameOf(string path) =>
        string.Create(path.Length, path, static (name, p) =>
        {
            for (int i = 0; i < p.Length; i++)
                name[i] = char.IsAsciiLetterOrDigit(p[i]) || p[i] == '.' ? p[i] : '_';
        });
}
