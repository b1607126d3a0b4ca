using Robotics.Configuration;

namespace Robotics.Safety;

/// <summary>The box that the robot must not leave, and how well it can brake before it.</summary>
/// <remarks>Section <c>safety.cage</c>. Immutable; world frame, m.</remarks>
public sealed record CageLimits
{
    private const double Farthest = 10_000; // m; a cage is finite

    /// <summary>Lower corner, m.</summary>
    public required IReadOnlyList<double> Min { get; init; }

    /// <summary>Upper corner, m.</summary>
    public required IReadOnlyList<double> Max { get; init; }

    /// <summary>Distance kept from the wall at rest, m.</summary>
    public required double Margin { get; init; }

    /// <summary>Deceleration that the baseline can hold on each axis with the worst declared wind, m/s².</summary>
    public required double BrakingAcceleration { get; init; }

    /// <summary>Time until that deceleration acts (the vehicle must first tilt), s.</summary>
    public required double Latency { get; init; }

    /// <summary>Reads the section.</summary>
    public static CageLimits Read(ConfigMap cage)
    {
        ArgumentNullException.ThrowIfNull(cage);
        double[] min = cage.Vector("min_m", 3, -Farthest, Farthest);
        double[] max = cage.Vector("max_m", 3, -Farthest, Farthest);
        for (int i = 0; i < 3; i++)
        {
            if (cage.Has("min_m") && cage.Has("max_m") && min[i] >= max[i])
                cage.AddProblem("min_m", $"min_m[{i}] = {min[i]} is not below max_m[{i}] = {max[i]}");
        }
        return new CageLimits
        {
            Min = min,
            Max = max,
            Margin = cage.Number("margin_m", 0, 100, fallback: 0.1, tighten: Tighten.OnlyHigher),
            BrakingAcceleration = cage.Number("braking_acceleration_m_s2", 0.01, 1000, tighten: Tighten.OnlyLower),
            Latency = cage.Number("latency_s", 0, 10, tighten: Tighten.OnlyHigher),
        };
    }
}
