using System.Text.Json.Serialization;

namespace Robotics.Cli.Bench;

/// <summary>A peer's blocks together: medians over the blocks, the maximum of all, and ours against it block by block.</summary>
internal sealed record PeerFigures
{
    [JsonPropertyName("p50_us")]
    public required double P50Us { get; init; }

    [JsonPropertyName("p99_us")]
    public required double P99Us { get; init; }

    [JsonPropertyName("p999_us")]
    public required double P999Us { get; init; }

    [JsonPropertyName("max_us")]
    public required double MaxUs { get; init; }

    /// <summary>Our p99.9 to the peer's in the block beside it.</summary>
    [JsonPropertyName("p999_ratios")]
    public required IReadOnlyList<double> P999Ratios { get; init; }

    /// <summary>Histogram of the last block.</summary>
    [JsonPropertyName("last_histogram_us")]
    public required IReadOnlyList<IReadOnlyList<double>> LastHistogram { get; init; }

    public static PeerFigures Of(IReadOnlyList<PeerBlock> blocks, IEnumerable<double> oursP999Us) => new()
    {
        P50Us = Median(blocks.Select(b => b.P50Us)),
        P99Us = Median(blocks.Select(b => b.P99Us)),
        P999Us = Median(blocks.Select(b => b.P999Us)),
        MaxUs = blocks.Max(b => b.MaxUs),
        P999Ratios = [.. oursP999Us.Zip(blocks, (ours, b) => ours / b.P999Us)],
        LastHistogram = blocks[^1].Histogram,
    };

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
