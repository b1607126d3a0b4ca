using System.Text.Json.Serialization;

namespace Robotics.Cli.Demo;

/// <summary>The one line a control process prints at its end under <c>--json</c>. Collected in memory that was there before the flight.</summary>
internal sealed record ControlResult
{
    /// <summary>Control ticks flown.</summary>
    [JsonPropertyName("ticks")]
    public long Ticks { get; init; }

    /// <summary>Control periods missed.</summary>
    [JsonPropertyName("missed_periods")]
    public long MissedPeriods { get; init; }

    /// <summary>Armed ticks in which a sample was too old.</summary>
    [JsonPropertyName("stale_ticks")]
    public long StaleTicks { get; init; }

    /// <summary>Armed ticks since the policy's first that the baseline or a stronger action commanded.</summary>
    [JsonPropertyName("baseline_ticks")]
    public long BaselineTicks { get; init; }

    /// <summary>Policy steps recorded.</summary>
    [JsonPropertyName("recorded")]
    public long Recorded { get; init; }

    /// <summary>Records that found the ring full.</summary>
    [JsonPropertyName("dropped")]
    public long Dropped { get; init; }

    /// <summary>Bytes the control thread allocated while flying.</summary>
    [JsonPropertyName("allocated_bytes")]
    public long AllocatedBytes { get; init; }

    /// <summary>Bytes that all threads of the process allocated while flying, the runtime's own included.</summary>
    [JsonPropertyName("process_allocated_bytes")]
    public long ProcessAllocatedBytes { get; init; }

    /// <summary>Times the watching thread saw the loop stand still.</summary>
    [JsonPropertyName("stalls")]
    public long Stalls { get; init; }

    /// <summary>Garbage collections in the process while flying.</summary>
    [JsonPropertyName("collections")]
    public int Collections { get; init; }

    /// <summary>Monotonic time of the first flown tick, ns.</summary>
    [JsonPropertyName("first_tick_ns")]
    public long FirstTickNs { get; init; }

    /// <summary>Time between entries of <see cref="DistanceM"/>, ns.</summary>
    [JsonPropertyName("period_ns")]
    public long PeriodNs { get; init; }

    /// <summary>Distance from the target at each tick, m.</summary>
    [JsonPropertyName("distance_m")]
    public required IReadOnlyList<float> DistanceM { get; init; }

    /// <summary>Real-time rights the process did not get.</summary>
    [JsonPropertyName("degraded")]
    public required IReadOnlyList<string> Degraded { get; init; }

    /// <summary>Where the time of the ticks went; null where it was not measured.</summary>
    [JsonPropertyName("timings")]
    public TimingsResult? Timings { get; init; }

    /// <summary>CPU time of the process, s.</summary>
    [JsonPropertyName("cpu_s")]
    public double CpuSeconds { get; init; }
}
