using System.Globalization;
using Robotics.Models;

namespace Robotics.Drivers.Ros2;

/// <summary>The other end of one subscription of robot.yaml: fills the same fields of the same message from the simulated state.</summary>
internal sealed class StatePublication
{
    private readonly TopicSettings _settings;
    private readonly CommandTemplate _template;
    private readonly RawPublisher _publisher;
    private readonly double[] _body = new double[3];

    public StatePublication(TopicSettings settings, InterfaceCatalog catalog, RosNode node)
    {
        _settings = settings;
        var constants = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] paths = [.. settings.Paths.Select(p => Indexed(p, constants))];
        if (settings.Frame.Length > 0)
            constants["header.frame_id"] = settings.Frame;
        _template = new CommandTemplate(catalog, settings.Type, paths, constants, settings.Reader.HasStamp ? "header.stamp" : null);
        _publisher = node.CreateRawPublisher(settings.Topic, settings.Type, settings.Qos);
    }

    /// <summary>Publishes <paramref name="state"/> (one value per state channel).</summary>
    public bool Publish(ReadOnlySpan<float> state, long stampNs)
    {
        for (int i = 0; i < _settings.Channels.Length; i++)
            _template.Set(i, state[_settings.Channels[i]] / _settings.Factors[i]);
        if (_settings.BodyToWorld.Length == 3)
            RotateToBody(state);
        _template.SetStamp(stampNs);
        return _publisher.TryPublish(_template.Bytes);
    }

    private void RotateToBody(ReadOnlySpan<float> state)
    {
        int[] o = _settings.Orientation;
        int[] v = _settings.BodyToWorld;
        var inverse = new Quaternion<double>(Value(state, o[0]), -Value(state, o[1]), -Value(state, o[2]), -Value(state, o[3]));
        Vector3<double> b = inverse.Rotate(new Vector3<double>(Value(state, v[0]), Value(state, v[1]), Value(state, v[2])));
        (_body[0], _body[1], _body[2]) = (b.X, b.Y, b.Z);
        for (int i = 0; i < 3; i++)
            _template.Set(v[i], _body[i] / _settings.Factors[v[i]]);
    }

    private double Value(ReadOnlySpan<float> state, int position) => state[_settings.Channels[position]];

    // velocity[name=rotor_0] becomes velocity[0] with name[0] = rotor_0.
    private static string Indexed(string path, Dictionary<string, string> constants)
    {
        int open = path.IndexOf('[', StringComparison.Ordinal);
        int equals = path.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            return path;
        int close = path.IndexOf(']', StringComparison.Ordinal);
        string prefix = path[..(path.LastIndexOf('.', open) + 1)] + path[(open + 1)..equals];
        string value = path[(equals + 1)..close];
        int index = 0;
        while (constants.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"{prefix}[{index}]"), out string? taken) && taken != value)
            index++;
        constants[string.Create(CultureInfo.InvariantCulture, $"{prefix}[{index}]")] = value;
        return string.Create(CultureInfo.InvariantCulture, $"{path[..open]}[{index}]{path[(close + 1)..]}");
    }
}
