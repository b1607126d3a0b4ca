using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Drivers.Ros2;

/// <summary>The sections <c>driver</c> (kind ros2) and <c>channels</c> of robot.yaml, read and checked. Nothing is connected yet.</summary>
public sealed class Ros2DriverSettings
{
    private const double MaxStalenessMs = 60_000;
    private readonly ConfigMap _driver;
    private readonly HashSet<int> _mapped = [];

    private Ros2DriverSettings(ConfigMap driver, ConfigMap channels)
    {
        _driver = driver;
        StateChannels = Layout(channels, "state");
        CommandChannels = Layout(channels, "command");
        Options = ReadOptions(driver);
        NodeName = driver.String("node", "robot_driver");
        NodeNamespace = driver.String("namespace", "/");
        UseSimTime = driver.Flag("use_sim_time", false);
        if (!RosNames.IsValid("/" + NodeName) || NodeName.Contains('/', StringComparison.Ordinal))
            driver.AddProblem("node", $"'{NodeName}' is not a node name: letters, digits and _ only, no digit first");
        if (!RosNames.IsValid(NodeNamespace))
            driver.AddProblem("namespace", $"'{NodeNamespace}' is not an absolute namespace such as / or /robot1");
        Remap = ReadRemap(driver);
        Device = DeviceSettings.Read(driver.MapOrNull("device"));
        Simulator = SimulatorSettings.Read(driver.MapOrNull("simulator"));
        Subscriptions = [.. driver.Maps("subscriptions", required: false).Select(ReadSubscription).OfType<TopicSettings>()];
        Transforms = [.. driver.Maps("tf", required: false).Select(ReadTransform)];
        Publications = [.. driver.Maps("publications", required: false).Select(ReadPublication).OfType<PublicationSettings>()];
        ReportUnmapped(channels);
    }

    /// <summary>State channels in the order of the file.</summary>
    public ChannelLayout StateChannels { get; }

    /// <summary>Command channels in the order of the file.</summary>
    public ChannelLayout CommandChannels { get; }

    /// <summary>How to join the graph.</summary>
    public RosOptions Options { get; }

    /// <summary>Name of the driver's node.</summary>
    public string NodeName { get; }

    /// <summary>Its namespace.</summary>
    public string NodeNamespace { get; }

    /// <summary>True to take time from /clock.</summary>
    public bool UseSimTime { get; }

    /// <summary>Names to replace.</summary>
    public IReadOnlyDictionary<string, string> Remap { get; }

    /// <summary>How the robot proves what it is; null where the file does not say.</summary>
    public DeviceSettings? Device { get; }

    /// <summary>How <see cref="SimulatedRosQuadrotor"/> stands in for this robot.</summary>
    public SimulatorSettings Simulator { get; }

    internal TopicSettings[] Subscriptions { get; }

    internal TransformSettings[] Transforms { get; }

    internal PublicationSettings[] Publications { get; }

    /// <summary>Reads both sections; problems go to the document.</summary>
    public static Ros2DriverSettings Read(ConfigMap driver, ConfigMap channels)
    {
        ArgumentNullException.ThrowIfNull(driver);
        ArgumentNullException.ThrowIfNull(channels);
        return new Ros2DriverSettings(driver, channels);
    }

    private static ChannelLayout Layout(ConfigMap channels, string key)
    {
        var list = new List<Channel>();
        foreach (ConfigMap map in channels.Maps(key))
        {
            string name = map.String("name");
            double minimum = map.Has("minimum") ? map.Number("minimum") : double.NegativeInfinity;
            double maximum = map.Has("maximum") ? map.Number("maximum") : double.PositiveInfinity;
            var channel = new Channel(name, map.String("unit"), minimum, maximum, map.Flag("privileged", false));
            if (list.Exists(c => c.Name == name))
                map.AddProblem("name", $"channel '{name}' occurs twice");
            else if (key == "command" && !(double.IsFinite(minimum) && double.IsFinite(maximum) && minimum < maximum))
                map.AddProblem("name", $"command channel '{name}' needs minimum and maximum: the actuator's own limits");
            else
                list.Add(channel);
        }
        return new ChannelLayout(list);
    }

    /// <summary>How to join the graph, from the keys <c>domain</c>, <c>discovery</c>, <c>interface</c>, <c>peers</c>, <c>distribution</c>, <c>interfaces</c>.</summary>
    internal static RosOptions ReadOptions(ConfigMap driver)
    {
        RosOptions environment = RosOptions.FromEnvironment();
        string discovery = driver.OneOf("discovery", ["localhost", "subnet", "off"], environment.Discovery.ToString().ToLowerInvariant());
        string folder = driver.Document.Folder;
        string[] interfaces = [.. driver.Strings("interfaces", []).Select(f => Path.GetFullPath(Path.Combine(folder, f)))];
        foreach (string missing in interfaces.Where(f => !Directory.Exists(f)))
            driver.AddProblem("interfaces", $"{missing}: no such folder (it holds PACKAGE/msg/TYPE.msg)");
        string distribution = driver.OneOf("distribution", ["detect", "humble", "iron", "jazzy", "kilted", "rolling"], "detect");
        string network = driver.String("interface", "");
        return environment with
        {
            Domain = (int)driver.Integer("domain", 0, 232, environment.Domain),
            Discovery = Enum.Parse<DiscoveryRange>(discovery, ignoreCase: true),
            StaticPeers = driver.Strings("peers", [.. environment.StaticPeers]),
            Interface = network.Length == 0 ? null : network,
            GidLayout = distribution == "detect" ? environment.GidLayout : RosOptions.LayoutOf(distribution),
            Interfaces = interfaces.Length == 0 ? InterfaceCatalog.Default : InterfaceCatalog.WithFolders(interfaces),
        };
    }

    private static Dictionary<string, string> ReadRemap(ConfigMap driver)
    {
        var remap = new Dictionary<string, string>(StringComparer.Ordinal);
        if (driver.MapOrNull("remap") is not { } map)
            return remap;
        foreach (string from in map.Keys)
            remap[from] = map.String(from);
        return remap;
    }

    private TopicSettings? ReadSubscription(ConfigMap map)
    {
        string topic = ReadTopic(map);
        string type = map.String("type");
        QosProfile qos = ReadQos(map, "sensor_data");
        string frame = map.String("frame", "");
        double stalenessMs = map.Number("staleness_ms", 1, MaxStalenessMs, 100); // ten periods of the slowest usual state topic, 100 Hz
        (string[] paths, string[] names) = ReadFields(map);
        int[] channels = [.. names.Select(n => StateChannel(map, n))];
        double[] factors = ReadFactors(map, paths, channels, StateChannels, toChannel: true);
        (int[] rotate, int[] orientation) = ReadRotation(map, names);
        try
        {
            return new TopicSettings
            {
                Topic = topic,
                Type = type,
                Qos = qos,
                Paths = paths,
                Frame = frame,
                Reader = new FieldReader(Options.Interfaces, type, paths, frame.Length == 0 ? null : frame),
                Channels = channels,
                Factors = factors,
                BodyToWorld = rotate,
                Orientation = orientation,
                StalenessNs = (long)(stalenessMs * 1e6),
            };
        }
        catch (Exception e) when (e is FormatException or UnknownInterfaceException)
        {
            map.AddProblem(e is FormatException ? "fields" : "type", e.Message);
            return null;
        }
    }

    private TransformSettings ReadTransform(ConfigMap map)
    {
        string[] known = ["translation.x", "translation.y", "translation.z", "rotation.w", "rotation.x", "rotation.y", "rotation.z"];
        (string[] paths, string[] names) = ReadFields(map);
        foreach (string unknown in paths.Except(known))
            map.AddProblem("fields", $"'{unknown}' is not part of a transform; it has {string.Join(", ", known)}");
        int[] components = [.. paths.Select(p => Math.Max(0, Array.IndexOf(known, p)))];
        return new TransformSettings(map.String("parent"), map.String("child"), components, [.. names.Select(n => StateChannel(map, n))]);
    }

    private PublicationSettings? ReadPublication(ConfigMap map)
    {
        string topic = ReadTopic(map);
        string type = map.String("type");
        QosProfile qos = ReadQos(map, "command");
        (string[] sources, string[] paths) = ReadFields(map);
        int[] channels = [.. sources.Select(s => s == PublicationSettings.EnabledSource ? -1 : CommandChannel(map, s))];
        double[] factors = ReadFactors(map, paths, channels, CommandChannels, toChannel: false);
        var constants = new Dictionary<string, string>(StringComparer.Ordinal);
        if (map.MapOrNull("constants") is { } c)
        {
            foreach (string path in c.Keys)
                constants[path] = c.String(path);
        }
        string stamp = map.String("stamp", "");
        try
        {
            return new PublicationSettings
            {
                Topic = topic,
                Type = type,
                Qos = qos,
                Paths = paths,
                Template = new CommandTemplate(Options.Interfaces, type, paths, constants, stamp.Length == 0 ? null : stamp),
                Channels = channels,
                Factors = factors,
            };
        }
        catch (Exception e) when (e is FormatException or UnknownInterfaceException or ArgumentOutOfRangeException)
        {
            map.AddProblem(e is UnknownInterfaceException ? "type" : "fields", e.Message);
            return null;
        }
    }

    private string ReadTopic(ConfigMap map)
    {
        string topic = map.String("topic");
        try
        {
            RosNames.Resolve(topic.Length == 0 ? "?" : topic, RosNames.IsValid(NodeNamespace) ? NodeNamespace : "/", "node");
        }
        catch (ArgumentException e)
        {
            map.AddProblem("topic", e.Message);
        }
        return topic;
    }

    private static QosProfile ReadQos(ConfigMap map, string fallback)
    {
        QosProfile qos = QosProfile.ByName[map.OneOf("qos", [.. QosProfile.ByName.Keys], fallback)];
        return map.Has("depth") ? qos with { Depth = (int)map.Integer("depth", 1, 100_000) } : qos;
    }

    private static (string[] Keys, string[] Values) ReadFields(ConfigMap map)
    {
        ConfigMap fields = map.Map("fields");
        string[] keys = [.. fields.Keys];
        if (keys.Length == 0)
            map.AddProblem("fields", "at least one field is needed");
        return (keys, [.. keys.Select(k => fields.String(k))]);
    }

    private static double[] ReadFactors(ConfigMap map, string[] paths, int[] channels, ChannelLayout layout, bool toChannel)
    {
        double[] factors = [.. paths.Select(_ => 1.0)];
        if (map.MapOrNull("units") is not { } units)
            return factors;
        foreach (string path in units.Keys)
        {
            string unit = units.String(path);
            int i = Array.IndexOf(paths, path);
            if (i < 0 || channels[i] < 0)
            {
                units.AddProblem(path, "no such field in 'fields'");
                continue;
            }
            string channelUnit = layout[channels[i]].Unit;
            double? factor = UnitConversion.Factor(toChannel ? unit : channelUnit, toChannel ? channelUnit : unit);
            if (factor is null)
                units.AddProblem(path, $"'{unit}' cannot be converted to '{channelUnit}', the unit of channel {layout[channels[i]].Name}");
            factors[i] = factor ?? 1;
        }
        return factors;
    }

    private static (int[] Rotate, int[] Orientation) ReadRotation(ConfigMap map, string[] names)
    {
        string[] rotated = map.Strings("body_to_world", []);
        if (rotated.Length == 0)
            return ([], []);
        int[] rotate = [.. rotated.Select(n => Array.IndexOf(names, n))];
        int[] orientation = [.. ChannelNames.Orientation.Select(n => Array.IndexOf(names, n))];
        if (rotate.Length == 3 && !rotate.Contains(-1) && !orientation.Contains(-1))
            return (rotate, orientation);
        map.AddProblem("body_to_world", "expected three channels of this topic, in x, y, z order, beside all four orientation channels of the same topic");
        return ([], []);
    }

    private int StateChannel(ConfigMap map, string name)
    {
        int index = StateChannels.IndexOf(name);
        if (index < 0)
            map.AddProblem("fields", $"channels.state has no '{name}'");
        else if (!_mapped.Add(index))
            map.AddProblem("fields", $"state channel '{name}' is filled twice");
        return Math.Max(0, index);
    }

    private int CommandChannel(ConfigMap map, string name)
    {
        int index = CommandChannels.IndexOf(name);
        if (index < 0)
            map.AddProblem("fields", $"channels.command has no '{name}' (or '{PublicationSettings.EnabledSource}')");
        return Math.Max(0, index);
    }

    private void ReportUnmapped(ConfigMap channels)
    {
        string[] never = [.. StateChannels.Where((_, i) => !_mapped.Contains(i)).Select(c => c.Name)];
        if (never.Length > 0)
            channels.AddProblem("state", $"no topic fills {string.Join(", ", never)}; map a field to each or remove it");
        string[] unsent = [.. CommandChannels.Where((_, i) => !Publications.Any(p => p.Channels.Contains(i))).Select(c => c.Name)];
        if (unsent.Length > 0 && _driver.Document.Problems.Count == 0)
            channels.AddProblem("command", $"no publication sends {string.Join(", ", unsent)}");
    }
}
