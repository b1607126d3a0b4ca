namespace Robotics.Cli.Bench;

/// <summary>What <see cref="SwapBenchmark"/> measured.</summary>
internal sealed record SwapFigures
{
    /// <summary>Takeovers of the small policy in the counted windows.</summary>
    public long Swaps { get; init; }

    /// <summary>Whole 1 kHz periods missed by the control process in those windows, whatever the cause.</summary>
    public long MissedTicks { get; init; }

    /// <summary>Of all ticks in which a policy took over, of any size in the whole run: those that took longer than a period from wake to end.</summary>
    public long OverrunSwapTicks { get; init; }

    /// <summary>Periods missed in equally long windows beside them, in which the same versions were delivered and checked but none took over:
    /// what this machine misses by itself.</summary>
    public long MissedTicksWithoutSwaps { get; init; }

    /// <summary>Of <see cref="MissedTicks"/>: those before which a tick took more than half a period from wake to end, so that it may be our doing. Before the
    /// others the control thread woke late: the machine's.</summary>
    public long MissedTicksOverrun { get; init; }

    /// <summary>Page faults of the control thread in the whole run.</summary>
    public long PageFaults { get; init; }

    /// <summary>Times the control thread was taken off its core though it wanted to run, in the whole run.</summary>
    public long Preemptions { get; init; }

    /// <summary>Actions that no single version gives.</summary>
    public long TornReads { get; init; }

    /// <summary>Bytes the control thread allocated.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Most CPU time of a tick in which a policy took over, of all sizes, µs: what a swap can cost a period of 1,000 µs.</summary>
    public double LongestSwapTickUs { get; init; }

    /// <summary>Most CPU time of any other tick, µs.</summary>
    public double LongestTickUs { get; init; }

    /// <summary>From the learner's publish of a 1.5 MB bundle to the first tick that acted with it, median.</summary>
    public double PublishToActiveP50Ms { get; init; }

    /// <summary>The same, 99th percentile.</summary>
    public double PublishToActiveP99Ms { get; init; }

    /// <summary>Of which: hash at the learner, announcement, download, hash at the edge (median, as all below).</summary>
    public double DownloadMs { get; init; }

    /// <summary>Of which: digest, manifest, tensors, finite.</summary>
    public double ReadMs { get; init; }

    /// <summary>Of which: the static checks, golden vectors and inference time included.</summary>
    public double GateMs { get; init; }

    /// <summary>Of which: into shared memory.</summary>
    public double PutMs { get; init; }

    /// <summary>Of which: checked and laid out by the loader, and the wait for the next tick (0.5 ms on average).</summary>
    public double LoadToActiveMs { get; init; }

    /// <summary>Greatest age (since publication) of a version when its application began, at 20 versions a second.</summary>
    public double MaxAppliedAgeMs { get; init; }

    /// <summary>What one application took in that phase.</summary>
    public double ApplyMs { get; init; }

    /// <summary>Bytes of the large bundle.</summary>
    public int BundleBytes { get; init; }

    /// <summary>Times the agent's process was killed in the middle of a swap.</summary>
    public int Kills { get; init; }

    /// <summary>Of which: exactly one valid policy was installed, none older than what control had been given, and the next agent offered it.</summary>
    public int KillsWithOneValidPolicy { get; init; }

    /// <summary>Ticks counted.</summary>
    public long Ticks { get; init; }

    /// <summary>The control thread had SCHED_FIFO and locked memory.</summary>
    public bool IsRealTime { get; init; }
}
