using System.Text.Json.Serialization;

namespace Robotics.Cli.Bench;

/// <summary>What one block of the C loop printed.</summary>
internal sealed record CLoopBlock
{
    [JsonPropertyName("ticks")]
    public long Ticks { get; init; }

    [JsonPropertyName("misses")]
    public long Misses { get; init; }

    [JsonPropertyName("p50_us")]
    public double P50Us { get; init; }

    [JsonPropertyName("p99_us")]
    public double P99Us { get; init; }

    [JsonPropertyName("p999_us")]
    public double P999Us { get; init; }

    [JsonPropertyName("max_us")]
    public double MaxUs { get; init; }
}
