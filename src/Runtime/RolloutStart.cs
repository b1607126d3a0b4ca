using System.Globalization;
using Robotics.Core;

namespace Robotics.Runtime;

/// <summary>The state a rollout starts from, as a person writes it: <c>p=x,y,z;q=w,x,y,z;v=x,y,z;w=x,y,z;rpm=hover</c>.</summary>
/// <remarks>SI units; q is Hamilton and normalised by the robot; w in the body frame; rpm in the unit of the robot's rotor speed, <c>hover</c> or
/// one value per rotor; f and m (N, N m) are a constant disturbance. What is not given is 0 (q: level, rpm: hover).</remarks>
public static class RolloutStart
{
    private static readonly (string Key, IReadOnlyList<string> Channels)[] s_keys =
    [
        ("p", ChannelNames.Position),
        ("q", ChannelNames.Orientation),
        ("v", ChannelNames.LinearVelocity),
        ("w", ChannelNames.AngularVelocity),
        ("rpm", ChannelNames.RotorSpeed),
        ("f", ChannelNames.DisturbanceForce),
        ("m", ChannelNames.DisturbanceTorque),
    ];

    /// <summary>One value per state channel of <paramref name="layout"/>; NaN leaves a channel to the robot (hovering rotors).</summary>
    /// <param name="text">As above; empty for level rest at the origin.</param>
    /// <param name="layout">The robot's state channels.</param>
    /// <param name="state">The channels' values.</param>
    /// <param name="problem">What is wrong with the text, where false.</param>
    public static bool TryParse(string text, ChannelLayout layout, out float[] state, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(layout);
        state = Default(layout);
        problem = "";
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!TryAssign(part, layout, state, out problem))
                return false;
        }
        return true;
    }

    private static float[] Default(ChannelLayout layout)
    {
        var state = new float[layout.Count];
        foreach (string name in ChannelNames.RotorSpeed.Where(n => layout.IndexOf(n) >= 0))
            state[layout.IndexOf(name)] = float.NaN;
        if (layout.IndexOf(ChannelNames.Orientation[0]) is >= 0 and int w)
            state[w] = 1;
        return state;
    }

    private static bool TryAssign(string part, ChannelLayout layout, float[] state, out string problem)
    {
        int equals = part.IndexOf('=', StringComparison.Ordinal);
        string key = equals < 0 ? part : part[..equals].Trim();
        (string _, IReadOnlyList<string>? channels) = Array.Find(s_keys, k => k.Key == key);
        if (equals < 0 || channels is null)
        {
            problem = $"'{part}': expected key=value with a key of {string.Join(", ", s_keys.Select(k => k.Key))}, for example p=0.3,-0.2,0.15";
            return false;
        }
        problem = $"'{part}': the robot has no {channels[0]}";
        if (layout.TryIndicesOf(channels) is not { } indices)
            return false;
        string value = part[(equals + 1)..].Trim();
        if (key == "rpm" && value == "hover")
            return true;
        string[] texts = value.Split(',');
        problem = $"'{part}': expected {indices.Length} finite numbers separated by commas";
        if (texts.Length != indices.Length)
            return false;
        for (int i = 0; i < indices.Length; i++)
        {
            if (!float.TryParse(texts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out state[indices[i]]) || !float.IsFinite(state[indices[i]]))
                return false;
        }
        problem = "";
        return true;
    }
}
