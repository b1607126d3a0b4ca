using System.Diagnostics;
using Robotics.Core;

namespace Robotics.Safety;

/// <summary>Clamps velocity commands so that every joint stops before its edge.</summary>
/// <remarks>With d the distance to the edge and τ the latency plus one period: vτ + v²/(2a) ≤ d, hence v ≤ a(√(τ² + 2d/a) − τ). Outside
/// the edge only the way back is allowed. A joint whose position is stale is stopped. Control thread; allocates nothing.</remarks>
public sealed class EdgeRules
{
    private readonly EdgeLimits[] _edges;
    private readonly double _periodS;

    /// <summary>Rules for <paramref name="edges"/> in a loop of <paramref name="periodS"/>.</summary>
    public EdgeRules(IReadOnlyList<EdgeLimits> edges, double periodS)
    {
        _edges = [.. edges];
        _periodS = periodS;
    }

    /// <summary>Limits <paramref name="command"/> in place; adds changed channels to <paramref name="mask"/>.</summary>
    public SafetyCauses Limit(BaselineInput input, Span<float> command, ref ulong mask)
    {
        Debug.Assert(input is not null, "the supervisor owns the input");
        SafetyCauses flags = SafetyCauses.None;
        foreach (EdgeLimits edge in _edges)
        {
            double p = input.Values[edge.Position];
            bool fresh = input.Fresh[edge.Position];
            float low = fresh ? -Reach(edge, p - edge.Min) : 0;
            float high = fresh ? Reach(edge, edge.Max - p) : 0;
            float wanted = command[edge.Command];
            float allowed = MathF.Min(MathF.Max(wanted, low), high);
            if (allowed == wanted)
                continue;
            command[edge.Command] = allowed;
            mask |= 1UL << Math.Min(edge.Command, 63);
            flags |= SafetyCauses.Envelope;
        }
        return flags;
    }

    private float Reach(EdgeLimits edge, double distance)
    {
        double t = edge.LatencyS + _periodS;
        double d = Math.Max(0, distance);
        double v = edge.Deceleration * (Math.Sqrt((t * t) + (2 * d / edge.Deceleration)) - t);
        return MathF.BitDecrement((float)v) is var below && below > 0 ? below : 0;
    }
}
