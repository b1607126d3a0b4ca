namespace Robotics.Experience;

/// <summary>How a spool or a store uses its disk.</summary>
public sealed record SpoolOptions
{
    /// <summary>A segment is closed before it would grow beyond this, bytes. Default 64 MiB: small enough to delete in pieces, large enough to write in sequence.</summary>
    public long SegmentBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Limit of all segments of the stream together, bytes; 0 for none.</summary>
    public long MaxBytes { get; init; }

    /// <summary>Longest time a taken record may wait for its fsync, ns. Default 100 ms: at 100 Hz a power cut costs at most ten steps.</summary>
    public long CommitIntervalNs { get; init; } = 100_000_000;

    /// <summary>What happens at <see cref="MaxBytes"/>.</summary>
    public SpoolRetention Retention { get; init; } = SpoolRetention.KeepAll;

    /// <summary>
    /// Whether a thread of the writer's own waits for the disk at each interval, so that <see cref="SpoolWriter.Pump"/> never does. Off for lockstep, where everything
    /// happens on one thread in one order; on for whatever runs in real time.
    /// </summary>
    public bool SyncInBackground { get; init; }

    /// <summary>Called before each wait for the disk, on the thread that waits: where a benchmark puts a slow disk. Null for none.</summary>
    public Action? BeforeSync { get; init; }

    /// <summary>SHA-256 of the effective configuration, for the segment headers; empty for unknown.</summary>
    public ReadOnlyMemory<byte> ConfigHash { get; init; }
}
