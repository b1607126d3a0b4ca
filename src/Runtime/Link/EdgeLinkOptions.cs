namespace Robotics.Runtime;

/// <summary>Times and limits of the edge's link.</summary>
public sealed record EdgeLinkOptions
{
    /// <summary>Time between two signs of life, ns. Default 0.5 s: six of them fit into <see cref="SilenceNs"/>.</summary>
    public long HeartbeatNs { get; init; } = 500_000_000;

    /// <summary>A learner silent for this long is greeted anew, ns. Default 3 s.</summary>
    public long SilenceNs { get; init; } = 3_000_000_000;

    /// <summary>First pause between two hellos, ns; doubles up to <see cref="HelloMaxNs"/>.</summary>
    public long HelloNs { get; init; } = 100_000_000;

    /// <summary>Longest pause between two hellos, ns.</summary>
    public long HelloMaxNs { get; init; } = 5_000_000_000;

    /// <summary>Records sent but not ingested for this long are sent again, ns. Default 5 s: far beyond any fsync.</summary>
    public long ResendNs { get; init; } = 5_000_000_000;

    /// <summary>Bytes of records that may be on their way; more stay on disk until the learner has taken some. Default 8 MiB.</summary>
    public long WindowBytes { get; init; } = 8L * 1024 * 1024;

    /// <summary>Whether what ended boots left behind in the same spool is sent before the present boot's records.</summary>
    public bool SendEarlierBoots { get; init; } = true;
}
