using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Safety;

/// <summary>A velocity command whose joint must be able to stop before its edge (R9). List <c>safety.edges</c>. Immutable.</summary>
/// <param name="Command">Index of the velocity command channel.</param>
/// <param name="Position">Index of the state channel with the joint's position.</param>
/// <param name="Min">Lower edge, in the position's unit.</param>
/// <param name="Max">Upper edge.</param>
/// <param name="Deceleration">What the joint can surely brake with, per s².</param>
/// <param name="LatencyS">Time until a command acts, s.</param>
public sealed record EdgeLimits(int Command, int Position, double Min, double Max, double Deceleration, double LatencyS)
{
    /// <summary>Reads the optional list.</summary>
    public static IReadOnlyList<EdgeLimits> Read(ConfigMap safety, ChannelLayout state, ChannelLayout command)
    {
        ArgumentNullException.ThrowIfNull(safety);
        return [.. safety.Maps("edges", required: false).Select(m => ReadOne(m, state, command))];
    }

    private static EdgeLimits ReadOne(ConfigMap edge, ChannelLayout state, ChannelLayout command)
    {
        double min = edge.Number("min_rad", -1000, 1000);
        return new EdgeLimits(
            Index(edge, "command", command), Index(edge, "position", state), min, edge.Number("max_rad", min, 1000),
            edge.Number("deceleration_rad_s2", 1e-3, 1e6, tighten: Tighten.OnlyLower), edge.Number("latency_s", 0, 1, fallback: 0, tighten: Tighten.OnlyHigher));
    }

    private static int Index(ConfigMap edge, string key, ChannelLayout layout)
    {
        string name = edge.OneOf(key, [.. layout.Select(c => c.Name)]);
        return Math.Max(0, layout.IndexOf(name));
    }
}
