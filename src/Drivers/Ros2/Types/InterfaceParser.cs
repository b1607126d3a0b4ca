using System.Globalization;
using System.Text.RegularExpressions;

namespace Robotics.Drivers.Ros2;

/// <summary>Parses the text of .msg and .srv files (rosidl, "ROS 2 interface definition").</summary>
public static partial class InterfaceParser
{
    private const int MaxTextChars = 1 << 20; // no published interface exceeds 20 kB
    private const int MaxCapacity = 1 << 24; // of a fixed array or a bound: 16 Mi elements, above any published interface

    /// <summary>Parses a .msg text.</summary>
    /// <param name="name">Full name, <c>pkg/msg/Name</c>.</param>
    /// <param name="text">The text; comments and constants allowed.</param>
    /// <exception cref="FormatException">A line is not a field, a constant or a comment; the message names it.</exception>
    public static RosMessageType ParseMessage(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxTextChars)
            throw new FormatException($"{name}: {text.Length} characters; an interface has at most {MaxTextChars}");
        var fields = new List<RosField>();
        var constants = new List<RosConstant>();
        string package = name[..name.IndexOf('/', StringComparison.Ordinal)];
        foreach (string raw in text.Split('\n'))
        {
            string line = WithoutComment(raw).Trim();
            if (line.Length > 0)
                ParseLine(name, package, line, fields, constants);
        }
        if (fields.Count == 0)
            fields.Add(new RosField(RosMessageType.EmptyMember, FieldKind.UInt8, FieldShape.Single, 0, 0, "", null));
        return new RosMessageType(name, fields, constants);
    }

    /// <summary>Parses a .srv text into its request and response.</summary>
    /// <exception cref="FormatException">As <see cref="ParseMessage"/>, or the text has no <c>---</c> line.</exception>
    public static (RosMessageType Request, RosMessageType Response) ParseService(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] lines = text.Split('\n');
        int separator = Array.FindIndex(lines, l => l.Trim() == "---");
        if (separator < 0)
            throw new FormatException($"{name}: a service needs a line '---' between request and response");
        return (
            ParseMessage(name + "_Request", string.Join('\n', lines[..separator])),
            ParseMessage(name + "_Response", string.Join('\n', lines[(separator + 1)..]))
        );
    }

    private static void ParseLine(string name, string package, string line, List<RosField> fields, List<RosConstant> constants)
    {
        Match m = Declaration().Match(line);
        if (!m.Success)
            throw new FormatException($"{name}: '{line}' is neither a field nor a constant");
        (FieldKind kind, string nested) = Element(package, m.Groups["type"].Value, m.Groups["bound"].Success);
        string identifier = m.Groups["name"].Value;
        string rest = m.Groups["rest"].Value.Trim();
        if (rest.StartsWith('='))
        {
            constants.Add(new RosConstant(identifier, kind, rest[1..].Trim()));
            return;
        }
        (FieldShape shape, int capacity) = Shape(name, line, m);
        int stringCapacity = m.Groups["bound"].Success ? Capacity(name, line, m.Groups["bound"].Value) : 0;
        fields.Add(new RosField(identifier, kind, shape, capacity, stringCapacity, nested, rest.Length == 0 ? null : rest));
    }

    private static (FieldShape Shape, int Capacity) Shape(string name, string line, Match m)
    {
        if (!m.Groups["array"].Success)
            return (FieldShape.Single, 0);
        string count = m.Groups["count"].Value;
        if (count.Length == 0)
            return (FieldShape.Sequence, 0);
        return (m.Groups["upto"].Success ? FieldShape.BoundedSequence : FieldShape.Array, Capacity(name, line, count));
    }

    private static int Capacity(string name, string line, string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value <= MaxCapacity
            ? value
            : throw new FormatException($"{name}: '{line}': a capacity is at most {MaxCapacity}");

    private static (FieldKind Kind, string Nested) Element(string package, string type, bool bounded)
    {
        FieldKind kind = type switch
        {
            "bool" => FieldKind.Bool,
            "byte" => FieldKind.Byte,
            "char" or "uint8" => FieldKind.UInt8,
            "int8" => FieldKind.Int8,
            "int16" => FieldKind.Int16,
            "uint16" => FieldKind.UInt16,
            "int32" => FieldKind.Int32,
            "uint32" => FieldKind.UInt32,
            "int64" => FieldKind.Int64,
            "uint64" => FieldKind.UInt64,
            "float32" => FieldKind.Float32,
            "float64" => FieldKind.Float64,
            "string" => bounded ? FieldKind.BoundedString : FieldKind.String,
            "wstring" => bounded ? FieldKind.BoundedWString : FieldKind.WString,
            _ => FieldKind.Nested,
        };
        return (kind, kind == FieldKind.Nested ? Qualify(package, type) : "");
    }

    private static string Qualify(string package, string type) =>
        type.Count(c => c == '/') switch
        {
            0 => type == "Header" ? "std_msgs/msg/Header" : $"{package}/msg/{type}",
            1 => type.Replace("/", "/msg/", StringComparison.Ordinal),
            _ => type,
        };

    private static string WithoutComment(string line)
    {
        char quote = '\0'; // a '#' inside a quoted default is not a comment
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (quote != '\0')
                quote = c == quote ? '\0' : quote;
            else if (c is '"' or '\'')
                quote = c;
            else if (c == '#')
                return line[..i];
        }
        return line;
    }

    [GeneratedRegex(
        @"^(?<type>[A-Za-z]\w*(/\w+){0,2})(<=(?<bound>\d+))?(?<array>\[(?<upto><=)?(?<count>\d*)\])?\s+(?<name>[A-Za-z]\w*)\s*(?<rest>.*)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Declaration();
}
