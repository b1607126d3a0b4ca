using System.Text.Json.Serialization;
using Robotics.Core;

namespace Robotics.Cli.Demo;

/// <summary>A histogram in figures, us.</summary>
internal sealed record LatencyFigures
{
    [JsonPropertyName("count")]
    public long Count { get; init; }

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

    public static LatencyFigures Of(LatencyHistogram histogram) => new()
    {
        Count = histogram.Count,
        P50Us = histogram.QuantileNs(0.5) / 1e3,
        P99Us = histogram.QuantileNs(0.99) / 1e3,
        P999Us = histogram.QuantileNs(0.999) / 1e3,
        MaxUs = histogram.MaxNs / 1e3,
        Histogram = [.. histogram.PowersOfTwo().Select(b => (IReadOnlyList<double>)[b.BoundNs / 1e3, b.Count])],
    };
}
