namespace Robotics.Cli.Bench;

/// <summary>What the control process of the swap benchmark saw; one line of JSON between the two processes.</summary>
internal sealed record SwapControlResult
{
    /// <summary>Ticks counted.</summary>
    public long Ticks { get; init; }

    /// <summary>Actions that no single version gives.</summary>
    public long Torn { get; init; }

    /// <summary>Bytes the control thread allocated.</summary>
    public long Allocated { get; init; }

    /// <summary>The control thread had SCHED_FIFO and locked memory.</summary>
    public bool IsRealTime { get; init; }

    /// <summary>Ticks in which a policy took over and which, from wake to end, took longer than a period on the wall.</summary>
    public long OverrunSwapTicks { get; init; }

    /// <summary>Most CPU time of a tick in which a policy took over, ns.</summary>
    public long LongestSwapTickNs { get; init; }

    /// <summary>Most CPU time of any other tick, ns.</summary>
    public long LongestTickNs { get; init; }

    /// <summary>Monotonic time of each missed period, ns.</summary>
    public required IReadOnlyList<long> MissedNs { get; init; }

    /// <summary>Of which: those before which a tick took more than half a period from wake to end; before the others it woke late.</summary>
    public required IReadOnlyList<long> OverranNs { get; init; }

    /// <summary>Page faults of the control thread.</summary>
    public long PageFaults { get; init; }

    /// <summary>Times the control thread was taken off its core.</summary>
    public long Preemptions { get; init; }

    /// <summary>Monotonic time of the first action of each version, small ones first; 0 where it never acted.</summary>
    public required IReadOnlyList<long> ActiveNs { get; init; }

    /// <summary>When version <paramref name="counter"/> acted first; 0 for never.</summary>
    public long ActiveOf(int hidden, uint counter) => ActiveNs[(hidden == SwapNetworks.Small ? 0 : SwapControl.MaxVersions) + (int)counter];
}
