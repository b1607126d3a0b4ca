using System.Collections.Concurrent;

namespace Robotics.Drivers.Ros2;

/// <summary>Finds message types by name: those that ship with this library, then those of an installed ROS 2 (AMENT_PREFIX_PATH).</summary>
/// <remarks>Safe from any thread. Types are parsed on first use and kept.</remarks>
public sealed class InterfaceCatalog
{
    private const string ResourcePrefix = "ros2/";
    private const int MaxNesting = 32; // the deepest published type nests 7 levels
    private readonly ConcurrentDictionary<string, RosMessageType> _types = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly string[] _prefixes;

    /// <summary>Searches <paramref name="prefixes"/> behind the shipped types; a prefix is a folder that holds <c>share/PACKAGE/msg</c> or <c>PACKAGE/msg</c>.</summary>
    public InterfaceCatalog(IEnumerable<string> prefixes) => _prefixes = [.. prefixes];

    /// <summary>Shipped types, then every prefix of the environment's AMENT_PREFIX_PATH.</summary>
    public static InterfaceCatalog Default { get; } =
        new((Environment.GetEnvironmentVariable("AMENT_PREFIX_PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Shipped types, then <paramref name="folders"/> (each holds <c>PACKAGE/msg/TYPE.msg</c>), then AMENT_PREFIX_PATH.</summary>
    public static InterfaceCatalog WithFolders(IEnumerable<string> folders) => new(folders.Concat(Default._prefixes));

    /// <summary>Full names of the interfaces that ship with this library: messages and services, sorted.</summary>
    public static IReadOnlyList<string> ShippedNames { get; } = FindShipped();

    /// <summary>Full names of the shipped messages, services taken apart into request and response, sorted.</summary>
    public static IReadOnlyList<string> ShippedMessages { get; } =
        [
            .. ShippedNames
                .SelectMany(n => IsService(n) ? new[] { n + "_Request", n + "_Response" } : [n])
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Adds or replaces the text of an interface, for types that exist nowhere as a file.</summary>
    public void Add(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(name);
        _texts[name] = text;
        if (!IsService(name))
        {
            _types[name] = InterfaceParser.ParseMessage(name, text);
            return;
        }
        (RosMessageType request, RosMessageType response) = InterfaceParser.ParseService(name, text);
        _types[request.Name] = request;
        _types[response.Name] = response;
    }

    /// <summary>The type called <paramref name="name"/>; short forms <c>pkg/Name</c> are messages.</summary>
    /// <exception cref="UnknownInterfaceException">No such type; the message says where it was looked for.</exception>
    public RosMessageType Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Count(c => c == '/') == 1)
            name = name.Replace("/", "/msg/", StringComparison.Ordinal);
        if (_types.TryGetValue(name, out RosMessageType? known))
            return known;
        Add(SourceName(name), LoadText(SourceName(name)) ?? throw NotFound(name));
        return _types.TryGetValue(name, out known) ? known : throw NotFound(name);
    }

    /// <summary>All types that <paramref name="name"/> refers to, directly or not, without itself, sorted by name.</summary>
    public IReadOnlyList<RosMessageType> ReferencedBy(string name)
    {
        var found = new SortedDictionary<string, RosMessageType>(StringComparer.Ordinal);
        Collect(Get(name), found, 0);
        return [.. found.Values];
    }

    /// <summary>Least number of bytes that a value of <paramref name="name"/> takes on the wire (padding not counted, texts and sequences empty).</summary>
    /// <remarks>What a reader divides the remaining bytes by before it believes a count.</remarks>
    public int LeastBytes(string name) => LeastBytes(Get(name), 0);

    private int LeastBytes(RosMessageType type, int depth)
    {
        if (depth > MaxNesting)
            throw new FormatException($"{type.Name}: nested deeper than {MaxNesting} levels; does it contain itself?");
        long sum = 0;
        foreach (RosField field in type.Fields)
        {
            int element = field.Kind == FieldKind.Nested ? LeastBytes(Get(field.NestedType), depth + 1) : Math.Max(field.ElementBytes, 1);
            sum += field.Shape switch
            {
                FieldShape.Sequence or FieldShape.BoundedSequence => sizeof(uint),
                FieldShape.Array => (long)field.Capacity * (field.IsString ? sizeof(uint) : element),
                _ => field.IsString ? sizeof(uint) : element,
            };
        }
        return (int)Math.Min(sum, int.MaxValue);
    }

    private void Collect(RosMessageType type, SortedDictionary<string, RosMessageType> found, int depth)
    {
        if (depth > MaxNesting)
            throw new FormatException($"{type.Name}: nested deeper than {MaxNesting} levels; does it contain itself?");
        foreach (RosField field in type.Fields)
        {
            if (field.Kind != FieldKind.Nested)
                continue;
            RosMessageType nested = Get(field.NestedType);
            found[nested.Name] = nested;
            Collect(nested, found, depth + 1);
        }
    }

    private string? LoadText(string name)
    {
        if (_texts.TryGetValue(name, out string? added))
            return added;
        using Stream? shipped = typeof(InterfaceCatalog).Assembly.GetManifestResourceStream(ResourcePrefix + name);
        if (shipped is not null)
        {
            using var reader = new StreamReader(shipped);
            return reader.ReadToEnd();
        }
        string[] parts = name.Split('/');
        if (parts.Length != 3 || parts.Any(p => p.Length == 0 || p.Contains("..", StringComparison.Ordinal)))
            return null;
        return _prefixes
            .SelectMany(p => new[] { Path.Combine(p, "share"), p })
            .Select(p => Path.Combine(p, parts[0], parts[1], $"{parts[2]}.{parts[1]}"))
            .Where(File.Exists)
            .Select(File.ReadAllText)
            .FirstOrDefault();
    }

    private UnknownInterfaceException NotFound(string name) =>
        new($"{name}: not among the {ShippedNames.Count} shipped interfaces and not below "
            + (_prefixes.Length == 0 ? "AMENT_PREFIX_PATH (unset: source the ROS 2 workspace that defines it)" : string.Join(", ", _prefixes)));

    private static bool IsService(string name) => name.Contains("/srv/", StringComparison.Ordinal);

    private static string SourceName(string name)
    {
        if (!IsService(name))
            return name;
        int cut = name.LastIndexOf('_');
        return cut > 0 && name[cut..] is "_Request" or "_Response" ? name[..cut] : name;
    }

    private static IReadOnlyList<string> FindShipped() =>
        [
            .. typeof(InterfaceCatalog).Assembly
                .GetManifestResourceNames()
                .Where(n => n.StartsWith(ResourcePrefix, StringComparison.Ordinal))
                .Select(n => n[ResourcePrefix.Length..])
                .Order(StringComparer.Ordinal),
        ];
}
