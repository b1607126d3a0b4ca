using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Robotics.Configuration;

/// <summary>One mapping of a configuration file. Every getter marks its key as known; keys nobody asked for are problems.</summary>
/// <remarks>Names of keys carry the unit as a suffix (<c>staleness_ms</c>, <c>max_speed_rad_s</c>).</remarks>
public sealed class ConfigMap
{
    private readonly ConfigDocument _document;
    private readonly YamlMappingNode _node;
    private readonly string _path;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConfigMap> _children = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Value, string Assignment)> _overrides = new(StringComparer.Ordinal);

    private bool _leftToOthers;
    private bool _silent; // a missing section is one problem, not one per key

    internal ConfigMap(ConfigDocument document, YamlMappingNode node, string path)
    {
        _document = document;
        _node = node;
        _path = path;
        document.Register(this);
    }

    /// <summary>The document this map is part of.</summary>
    public ConfigDocument Document => _document;

    /// <summary>Line of the mapping, from 1.</summary>
    public int Line => (int)_node.Start.Line;

    /// <summary>Keys in the order of the file, for mappings whose keys are the user's own names.</summary>
    public IEnumerable<string> Keys => _node.Children.Keys.OfType<YamlScalarNode>().Select(k => k.Value ?? "");

    /// <summary>True where the key is present (in the file or by override). Marks it as known.</summary>
    public bool Has(string key)
    {
        _known.Add(key);
        return Find(key) is not null || _overrides.ContainsKey(key);
    }

    /// <summary>A number in [<paramref name="min"/>, <paramref name="max"/>]; required where <paramref name="fallback"/> is null.</summary>
    public double Number(
        string key,
        double min = double.NegativeInfinity,
        double max = double.PositiveInfinity,
        double? fallback = null,
        Tighten tighten = Tighten.Free
    )
    {
        string? text = Text(key, required: fallback is null, out int line);
        if (text is null)
            return fallback ?? Harmless(min, max);
        if (!TryNumber(text, out double value))
            return Bad(line, key, text, "a number", fallback ?? Harmless(min, max));
        if (value < min || value > max)
            return Bad(line, key, text, $"a value in [{Format(min)}, {Format(max)}]", fallback ?? Harmless(min, max));
        CheckTightening(key, value, fallback, tighten);
        return value;
    }

    /// <summary>A whole number in [<paramref name="min"/>, <paramref name="max"/>].</summary>
    public long Integer(string key, long min = long.MinValue, long max = long.MaxValue, long? fallback = null)
    {
        string? text = Text(key, required: fallback is null, out int line);
        long harmless = fallback ?? Math.Clamp(0, min, max);
        if (text is null)
            return harmless;
        if (!long.TryParse(text.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out long value))
            return Bad(line, key, text, "a whole number", harmless);
        if (value < min || value > max)
            return Bad(line, key, text, $"a whole number in [{min}, {max}]", harmless);
        return value;
    }

    /// <summary>true or false.</summary>
    public bool Flag(string key, bool? fallback = null)
    {
        string? text = Text(key, required: fallback is null, out int line);
        return text switch
        {
            null => fallback ?? false,
            "true" => true,
            "false" => false,
            _ => Bad(line, key, text, "true or false", fallback ?? false),
        };
    }

    /// <summary>A text; required where <paramref name="fallback"/> is null.</summary>
    public string String(string key, string? fallback = null) =>
        Text(key, required: fallback is null, out _) ?? fallback ?? "";

    /// <summary>One of <paramref name="allowed"/>.</summary>
    public string OneOf(string key, IReadOnlyList<string> allowed, string? fallback = null)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        string? text = Text(key, required: fallback is null, out int line);
        if (text is null)
            return fallback ?? allowed[0];
        return allowed.Contains(text, StringComparer.Ordinal)
            ? text
            : Bad(line, key, text, "one of " + string.Join(", ", allowed) + NearestHint(text, allowed), fallback ?? allowed[0]);
    }

    /// <summary>A list of exactly <paramref name="length"/> numbers (any length where -1), each in [min, max].</summary>
    public double[] Vector(
        string key,
        int length = -1,
        double min = double.NegativeInfinity,
        double max = double.PositiveInfinity,
        double[]? fallback = null
    )
    {
        double[] harmless = fallback ?? new double[Math.Max(0, length)];
        YamlNode? node = FindRequired(key, fallback is null);
        if (node is null)
            return harmless;
        int line = (int)node.Start.Line;
        if (node is not YamlSequenceNode sequence || (length >= 0 && sequence.Children.Count != length))
            return Bad(line, key, Describe(node), length >= 0 ? $"a list of {length} numbers" : "a list of numbers", harmless);
        var values = new double[sequence.Children.Count];
        for (int i = 0; i < values.Length; i++)
        {
            string text = (sequence.Children[i] as YamlScalarNode)?.Value ?? "";
            if (!TryNumber(text, out values[i]))
                return Bad(line, $"{key}[{i}]", text, "a number", harmless);
            if (values[i] < min || values[i] > max)
                return Bad(line, $"{key}[{i}]", text, $"a value in [{Format(min)}, {Format(max)}]", harmless);
        }
        return values;
    }

    /// <summary>A list of texts.</summary>
    public string[] Strings(string key, string[]? fallback = null)
    {
        YamlNode? node = FindRequired(key, fallback is null);
        if (node is null)
            return fallback ?? [];
        if (node is YamlSequenceNode sequence && sequence.Children.All(c => c is YamlScalarNode))
            return [.. sequence.Children.Select(c => ((YamlScalarNode)c).Value ?? "")];
        return Bad(LineOf(node), key, Describe(node), "a list of texts", fallback ?? []);
    }

    /// <summary>A nested mapping. Where it is missing a problem is listed and an empty one returned, whose own keys are not asked for again.</summary>
    public ConfigMap Map(string key) => MapOrNull(key) ?? Missing(key);

    /// <summary>A nested mapping, or null where the key is absent.</summary>
    public ConfigMap? MapOrNull(string key)
    {
        _known.Add(key);
        if (_children.TryGetValue(key, out ConfigMap? child))
            return child;
        YamlNode? node = Find(key);
        if (node is null)
            return null;
        if (node is not YamlMappingNode map)
        {
            Bad(LineOf(node), key, Describe(node), "a mapping (key: value lines)", 0);
            map = [];
        }
        child = new ConfigMap(_document, map, Qualified(key));
        _children[key] = child;
        return child;
    }

    /// <summary>A list of mappings; empty where the key is absent and not <paramref name="required"/>.</summary>
    public IReadOnlyList<ConfigMap> Maps(string key, bool required = true)
    {
        YamlNode? node = FindRequired(key, required);
        if (node is null)
            return [];
        if (node is not YamlSequenceNode sequence || !sequence.Children.All(c => c is YamlMappingNode))
            return Bad<IReadOnlyList<ConfigMap>>(LineOf(node), key, Describe(node), "a list of mappings (- key: value)", []);
        return [.. sequence.Children.Select((c, i) => new ConfigMap(_document, (YamlMappingNode)c, Qualified($"{key}[{i}]")))];
    }

    /// <summary>Lists a problem of this mapping's <paramref name="key"/> that only its reader can know.</summary>
    public void AddProblem(string key, string message)
    {
        YamlNode? node = Find(key);
        _document.AddProblem(node is null ? Line : LineOf(node), $"{Qualified(key)}: {message}");
    }

    /// <summary>Every value below this mapping with its dotted path, overrides applied: for showing a configuration in force, not for reading it.</summary>
    /// <returns>Values as bool, long, double, string, double[] or string[]; elements of a list of mappings are numbered.</returns>
    public IEnumerable<(string Path, object Value)> Leaves()
    {
        foreach ((YamlNode keyNode, YamlNode node) in _node.Children)
        {
            string key = (keyNode as YamlScalarNode)?.Value ?? "";
            if (_overrides.TryGetValue(key, out (string Value, string Assignment) o))
                yield return (Qualified(key), ConfigLeaves.Parse(o.Value));
            else
                foreach ((string Path, object Value) leaf in _children.TryGetValue(key, out ConfigMap? child) ? child.Leaves() : ConfigLeaves.Of(Qualified(key), node))
                    yield return leaf;
        }
        foreach ((string key, (string value, _)) in _overrides.Where(o => Find(o.Key) is null))
            yield return (Qualified(key), ConfigLeaves.Parse(value));
    }

    internal void Override(ReadOnlySpan<string> path, string value, string assignment)
    {
        if (path.Length == 1)
        {
            _overrides[path[0]] = (value, assignment);
            return;
        }
        ConfigMap? child = MapOrNull(path[0]);
        if (child is null)
            _document.AddProblem(0, $"--set {assignment}: the file has no section '{Qualified(path[0])}'");
        else
            child.Override(path[1..], value, assignment);
    }

    /// <summary>Says that this section belongs to another process, which reads it strictly: its keys are no problem here.</summary>
    public void LeaveToOthers() => _leftToOthers = true;

    internal void ReportUnknownKeys()
    {
        if (_leftToOthers && _known.Count == 0)
            return;
        foreach ((YamlNode keyNode, _) in _node.Children)
        {
            string key = (keyNode as YamlScalarNode)?.Value ?? "";
            if (!_known.Contains(key))
                _document.AddProblem(LineOf(keyNode), UnknownKeyMessage(key));
        }
        foreach ((string key, (_, string assignment)) in _overrides)
        {
            if (!_known.Contains(key))
                _document.AddProblem(0, $"--set {assignment}: {UnknownKeyMessage(key)}");
        }
    }

    private string UnknownKeyMessage(string key)
    {
        string? sameStem = _known.FirstOrDefault(k => UnitSuffix.SameStemOtherUnit(key, k));
        if (sameStem is not null)
            return $"{Qualified(key)}: wrong unit, write {sameStem} (unit {UnitSuffix.Of(sameStem)}) instead of {key} (unit {UnitSuffix.Of(key)})";
        string known = _known.Count == 0 ? "none are allowed here" : "known keys: " + string.Join(", ", _known.Order(StringComparer.Ordinal));
        return $"{Qualified(key)}: unknown key{NearestHint(key, _known)}; {known}";
    }

    private ConfigMap Missing(string key)
    {
        if (!_silent)
            _document.AddProblem(Line, $"{Qualified(key)}: missing, expected a mapping");
        var empty = new ConfigMap(_document, [], Qualified(key)) { _silent = true };
        _children[key] = empty;
        return empty;
    }

    private string? Text(string key, bool required, out int line)
    {
        _known.Add(key);
        line = 0;
        if (_overrides.TryGetValue(key, out (string Value, string Assignment) o))
            return o.Value;
        YamlNode? node = FindRequired(key, required);
        if (node is null)
            return null;
        line = LineOf(node);
        if (node is YamlScalarNode scalar)
            return scalar.Value ?? "";
        return Bad<string?>(line, key, Describe(node), "a single value", null);
    }

    private YamlNode? FindRequired(string key, bool required)
    {
        _known.Add(key);
        YamlNode? node = Find(key);
        if (node is null && required && !_silent)
            _document.AddProblem(Line, $"{Qualified(key)}: missing");
        return node;
    }

    private YamlNode? Find(string key) => _node.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? node) ? node : null;

    private void CheckTightening(string key, double value, double? fallback, Tighten tighten)
    {
        if (tighten == Tighten.Free || !_overrides.TryGetValue(key, out (string Value, string Assignment) o))
            return;
        double signedOff = Find(key) is YamlScalarNode { Value: { } text } && TryNumber(text, out double v) ? v : fallback ?? value;
        bool loosens = tighten == Tighten.OnlyLower ? value > signedOff : value < signedOff;
        if (loosens)
            _document.AddProblem(0, $"--set {o.Assignment}: loosens the safety limit {Qualified(key)} = {Format(signedOff)}; the command line may only tighten it");
    }

    private T Bad<T>(int line, string key, string value, string expected, T harmless)
    {
        _document.AddProblem(line, $"{Qualified(key)}: '{value}' is not {expected}");
        return harmless;
    }

    private string Qualified(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    private static int LineOf(YamlNode node) => (int)node.Start.Line;

    private static double Harmless(double min, double max) => Math.Clamp(1.0, min, max);

    private static bool TryNumber(string text, out double value) =>
        double.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out value)
        && double.IsFinite(value);

    private static string Format(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Describe(YamlNode node) =>
        node switch
        {
            YamlScalarNode s => s.Value ?? "",
            YamlSequenceNode s => $"a list of {s.Children.Count}",
            _ => "a mapping",
        };

    private static string NearestHint(string text, IEnumerable<string> candidates)
    {
        string? nearest = candidates.MinBy(c => EditDistance.Between(text, c));
        return nearest is not null && EditDistance.Between(text, nearest) <= Math.Max(2, text.Length / 3) ? $" (did you mean {nearest}?)" : "";
    }
}
