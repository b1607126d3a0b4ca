using System.Text.Json.Serialization;

namespace Robotics.Cli.Bench;

/// <summary>What <see cref="Ros2FlightBench"/> measured while the policy flew.</summary>
internal sealed record Ros2FlightResult
{
    /// <summary>Control ticks under the policy.</summary>
    [JsonPropertyName("ticks")]
    public long Ticks { get; init; }

    /// <summary>Deadline misses: control periods that passed without a tick.</summary>
    [JsonPropertyName("missed_periods")]
    public long MissedPeriods { get; init; }

    /// <summary>Ticks in which a sample was too old.</summary>
    [JsonPropertyName("stale_ticks")]
    public long StaleTicks { get; init; }

    /// <summary>Armed ticks since the policy's first that the baseline or a stronger action commanded.</summary>
    [JsonPropertyName("baseline_ticks")]
    public long BaselineTicks { get; init; }

    /// <summary>Median from the sensor's stamp to the arrival of the command that answers it at the robot, us: DDS both ways, and the tick.</summary>
    [JsonPropertyName("sensor_to_command_p50_us")]
    public double P50Us { get; init; }

    /// <summary>99th percentile of it.</summary>
    [JsonPropertyName("sensor_to_command_p99_us")]
    public double P99Us { get; init; }

    /// <summary>The longest.</summary>
    [JsonPropertyName("sensor_to_command_max_us")]
    public double MaxUs { get; init; }

    /// <summary>Commands with power that arrived at the robot.</summary>
    [JsonPropertyName("commands")]
    public long Commands { get; init; }

    /// <summary>Farthest from the target, m.</summary>
    [JsonPropertyName("farthest_m")]
    public double FarthestM { get; init; }

    /// <summary>Mean distance from the target, m.</summary>
    [JsonPropertyName("mean_distance_m")]
    public double MeanDistanceM { get; init; }

    /// <summary>Bytes that the control thread allocated in flight.</summary>
    [JsonPropertyName("control_allocated_bytes")]
    public long AllocatedBytes { get; init; }

    /// <summary>Garbage collections in the control process in flight.</summary>
    [JsonPropertyName("control_collections")]
    public int Collections { get; init; }

    /// <summary>Real-time rights the control process did not get.</summary>
    [JsonPropertyName("degraded")]
    public IReadOnlyList<string> Degraded { get; init; } = [];
}
