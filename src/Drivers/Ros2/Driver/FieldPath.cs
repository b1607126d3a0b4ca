using System.Globalization;

namespace Robotics.Drivers.Ros2;

/// <summary>A path into a message as robot.yaml writes it: <c>pose.pose.position.x</c>, <c>axes[2]</c>, <c>position[name=shoulder]</c>.</summary>
internal static class FieldPath
{
    /// <summary>The steps of <paramref name="path"/>.</summary>
    /// <exception cref="FormatException">Not a path; the message says why.</exception>
    public static FieldPathStep[] Parse(string path)
    {
        var steps = new List<FieldPathStep>();
        int at = 0;
        while (at <= path.Length)
        {
            int bracket = path.IndexOf('[', at);
            int dot = path.IndexOf('.', at);
            bool indexed = bracket >= 0 && (dot < 0 || bracket < dot);
            int nameEnd = indexed ? bracket : dot < 0 ? path.Length : dot;
            string name = path[at..nameEnd];
            if (name.Length == 0)
                throw new FormatException($"'{path}' is not a path such as pose.position.x or axes[2]");
            if (!indexed)
            {
                steps.Add(new FieldPathStep(name, -1, null, ""));
                at = nameEnd + 1;
                continue;
            }
            int close = path.IndexOf(']', bracket);
            if (close < 0)
                throw new FormatException($"'{path}': '[' without ']'");
            steps.Add(Indexed(path, name, path[(bracket + 1)..close]));
            at = close + 1;
            if (at < path.Length && path[at] != '.')
                throw new FormatException($"'{path}': expected '.' behind ']'");
            at++;
        }
        return [.. steps];
    }

    private static FieldPathStep Indexed(string path, string name, string inside)
    {
        int equals = inside.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && equals < inside.Length - 1)
            return new FieldPathStep(name, -1, inside[..equals], inside[(equals + 1)..]);
        if (int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            return new FieldPathStep(name, index, null, "");
        throw new FormatException($"'{path}': [{inside}] is neither an index nor field=text");
    }
}
