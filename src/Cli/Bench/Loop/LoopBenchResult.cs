using System.Text.Json.Serialization;
using Robotics.Cli.Demo;

namespace Robotics.Cli.Bench;

/// <summary>What `robotics bench loop` measured. The first fields are the control process's, over all its blocks.</summary>
internal sealed record LoopBenchResult
{
    [JsonPropertyName("rate_hz")]
    public required int RateHz { get; init; }

    [JsonPropertyName("seconds")]
    public required int Seconds { get; init; }

    /// <summary>Allocated by the control thread after start, all blocks.</summary>
    [JsonPropertyName("allocated_bytes")]
    public required long AllocatedBytes { get; init; }

    /// <summary>Allocated by all threads of the control process after start, all blocks.</summary>
    [JsonPropertyName("process_allocated_bytes")]
    public required long ProcessAllocatedBytes { get; init; }

    [JsonPropertyName("collections")]
    public required int Collections { get; init; }

    /// <summary>Median over the blocks; wake-up latency.</summary>
    [JsonPropertyName("p50_us")]
    public required double P50Us { get; init; }

    [JsonPropertyName("p99_us")]
    public required double P99Us { get; init; }

    [JsonPropertyName("p999_us")]
    public required double P999Us { get; init; }

    /// <summary>Over all blocks.</summary>
    [JsonPropertyName("max_us")]
    public required double MaxUs { get; init; }

    /// <summary>Median over blocks of p99.9 to the C loop's in the block beside it.</summary>
    [JsonPropertyName("p999_ratio_to_c")]
    public required double P999RatioToC { get; init; }

    /// <summary>Periods that were skipped.</summary>
    [JsonPropertyName("misses")]
    public required long Misses { get; init; }

    [JsonPropertyName("c_misses")]
    public required long CMisses { get; init; }

    /// <summary>The C loop's blocks.</summary>
    [JsonPropertyName("c")]
    public required PeerFigures C { get; init; }

    /// <summary>cyclictest's blocks; null where it is not installed.</summary>
    [JsonPropertyName("cyclictest")]
    public required PeerFigures? CyclicTest { get; init; }

    /// <summary>True where idle cores were kept awake in all blocks, ours and the peers'.</summary>
    [JsonPropertyName("cpu_kept_awake")]
    public bool CpuKeptAwake { get; init; }

    /// <summary>Execution time per stage, p99.9, us: median over blocks.</summary>
    [JsonPropertyName("stage_p999_us")]
    public required IReadOnlyDictionary<string, double> StageP999Us { get; init; }

    [JsonPropertyName("tick_p999_us")]
    public required double TickP999Us { get; init; }

    /// <summary>Histograms of the last block.</summary>
    [JsonPropertyName("last_block")]
    public required TimingsResult LastBlock { get; init; }

    [JsonPropertyName("garbage_mb_s")]
    public required double GarbageMbPerS { get; init; }

    [JsonPropertyName("garbage_live_mb")]
    public required double GarbageLiveMb { get; init; }

    [JsonPropertyName("agent_collections")]
    public required int AgentCollections { get; init; }

    [JsonPropertyName("learner_updates_per_s")]
    public required double LearnerUpdatesPerS { get; init; }

    /// <summary>Real-time rights that were refused; empty for none.</summary>
    [JsonPropertyName("degraded")]
    public required IReadOnlyList<string> Degraded { get; init; }

    /// <summary>True where what has to hold everywhere held: nothing allocated, nothing collected.</summary>
    [JsonIgnore]
    public bool IsClean => AllocatedBytes == 0 && Collections == 0;
}
