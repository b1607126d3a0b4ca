using System.Text.Json.Serialization;

namespace Robotics.Cli.Bench;

/// <summary>Wake-up latency of one block of a program beside ours: bench/loop/loop.c prints this, and cyclictest's histogram becomes it.</summary>
internal sealed record PeerBlock
{
    [JsonPropertyName("ticks")]
    public long Ticks { get; init; }

    /// <summary>Periods that were skipped; cyclictest does not count them.</summary>
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

    /// <summary>Upper bound in us and count, by powers of two.</summary>
    [JsonPropertyName("histogram_us")]
    public IReadOnlyList<IReadOnlyList<double>> Histogram { get; init; } = [];
}
