using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Tasks;

/// <summary>Reads the list of features of an observation and binds them to a robot's channels.</summary>
internal static class FeatureReader
{
    // Quantities with a name of their own; any other is given by its channels.
    private static readonly (string Name, IReadOnlyList<string> Channels)[] s_quantities =
    [
        ("position", ChannelNames.Position),
        ("orientation", ChannelNames.Orientation),
        ("rotation_matrix", ChannelNames.Orientation),
        ("linear_velocity", ChannelNames.LinearVelocity),
        ("angular_velocity", ChannelNames.AngularVelocity),
        ("rotor_speed", ChannelNames.RotorSpeed),
        ("disturbance_force", ChannelNames.DisturbanceForce),
        ("disturbance_torque", ChannelNames.DisturbanceTorque),
        ("yaw", [ChannelNames.Yaw]),
        ("peg_to_hole", ChannelNames.PegToHole),
        ("peg_to_hole_yaw", [ChannelNames.PegToHoleYaw]),
        ("contact", [ChannelNames.Contact]),
    ];

    /// <summary>Features of <paramref name="list"/> in order; problems are listed in its document.</summary>
    public static Feature[] Read(IReadOnlyList<ConfigMap> list, ChannelLayout state, bool privilegedAllowed)
    {
        var features = new List<Feature>();
        int start = 0;
        foreach (ConfigMap map in list)
        {
            if (ReadOne(map, state, privilegedAllowed, start) is not { } feature)
                continue;
            features.Add(feature);
            start += feature.Length;
        }
        return [.. features];
    }

    /// <summary>State channel indices of <paramref name="quantity"/>, or null (with a problem listed) where the robot has none.</summary>
    public static int[]? Bind(ConfigMap map, string quantity, ChannelLayout state)
    {
        IReadOnlyList<string>? channels = quantity == "channels"
            ? map.Strings("channels")
            : Array.Find(s_quantities, q => q.Name == quantity).Channels;
        if (channels is null)
        {
            map.AddProblem("quantity", $"'{quantity}' is not one of {Names()}, channels");
            return null;
        }
        int[]? indices = state.TryIndicesOf(channels);
        if (indices is null)
        {
            string missing = string.Join(", ", channels.Where(c => state.IndexOf(c) < 0));
            map.AddProblem("quantity", $"the robot has no channel {missing}; it has {string.Join(", ", state.Select(c => c.Name))}");
        }
        return indices;
    }

    private static Feature? ReadOne(ConfigMap map, ChannelLayout state, bool privilegedAllowed, int start)
    {
        string quantity = map.String("quantity");
        int[]? indices = Bind(map, quantity, state);
        double noise = map.Number("noise_std", 0, 1e6, 0);
        bool toUnitRange = map.Flag("to_unit_range", false);
        double scale = map.Number("scale", -1e9, 1e9, 1);
        if (indices is null)
            return null;
        double[] target = map.Vector("target", indices.Length, fallback: new double[indices.Length]);
        if (!privilegedAllowed && Array.Exists(indices, i => state[i].Privileged))
            map.AddProblem("quantity", $"'{quantity}' is privileged: for critics only, a policy on the edge can never see it; list it under 'privileged'");
        (float[] scales, float[] offsets) = ScaleOf(map, indices, state, toUnitRange, (float)scale);
        return new Feature(
            quantity, indices, quantity == "rotation_matrix", [.. target.Select(t => (float)t)], scales, offsets, (float)noise, start);
    }

    private static (float[] Scale, float[] Offset) ScaleOf(ConfigMap map, int[] indices, ChannelLayout state, bool toUnitRange, float scale)
    {
        var scales = new float[indices.Length];
        var offsets = new float[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            scales[i] = scale;
            if (!toUnitRange)
                continue;
            Channel channel = state[indices[i]];
            if (!double.IsFinite(channel.Minimum) || !double.IsFinite(channel.Maximum))
            {
                map.AddProblem("to_unit_range", $"channel {channel.Name} has no finite range");
                continue;
            }
            double half = (channel.Maximum - channel.Minimum) / 2;
            scales[i] = (float)(1 / half);
            offsets[i] = (float)(-(channel.Minimum + half) / half);
        }
        return (scales, offsets);
    }

    private static string Names() => string.Join(", ", s_quantities.Select(q => q.Name));
}
