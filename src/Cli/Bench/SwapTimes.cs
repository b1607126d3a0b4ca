using Robotics.Core;

namespace Robotics.Cli.Bench;

/// <summary>Times of the swap benchmark, on one clock for all processes of the machine. The learner's thread and the agent's write.</summary>
internal sealed class SwapTimes
{
    private readonly Dictionary<PolicyIdentity, SwapStages> _stages = [];

    /// <summary>Windows in which small versions took over.</summary>
    public SwapWindows Swapping { get; } = new();

    /// <summary>Windows in which the same versions were delivered and checked, and none took over.</summary>
    public SwapWindows Withheld { get; } = new();

    /// <summary>The learner begins to publish.</summary>
    public void Publish(PolicyIdentity identity, long timeNs)
    {
        lock (_stages)
            _stages[identity] = new SwapStages { PublishedNs = timeNs };
    }

    /// <summary>A version is whole on the edge.</summary>
    public SwapStages Arrived(PolicyIdentity identity)
    {
        lock (_stages)
        {
            SwapStages stages = _stages[identity];
            stages.DownloadedNs = MonotonicClock.Instance.NowNs;
            return stages;
        }
    }

    /// <summary>All but the age phase.</summary>
    public SwapFigures Figures(SwapControlResult control, int swaps, int largeSwaps)
    {
        (SwapStages Stages, long Active)[] large =
        [
            .. _stages.Where(s => s.Key.Epoch == SwapNetworks.Large && s.Key.Counter <= largeSwaps)
                .Select(s => (s.Value, control.ActiveOf(SwapNetworks.Large, s.Key.Counter)))
                .Where(s => s.Item2 != 0),
        ];
        if (large.Length < largeSwaps * 9 / 10)
            throw new FailureException($"bench swap: only {large.Length} of {largeSwaps} large versions became active: the machine is too busy to measure");
        double[] delays = [.. large.Select(s => (s.Active - s.Stages.PublishedNs) / 1e6).Order()];
        return new SwapFigures
        {
            Swaps = Enumerable.Range(2, swaps).Count(c => control.ActiveOf(SwapNetworks.Small, (uint)c) != 0),
            MissedTicks = Swapping.CountOf(control.MissedNs),
            MissedTicksOverrun = Swapping.CountOf(control.OverranNs),
            PageFaults = control.PageFaults,
            Preemptions = control.Preemptions,
            OverrunSwapTicks = control.OverrunSwapTicks,
            MissedTicksWithoutSwaps = Withheld.CountOf(control.MissedNs),
            TornReads = control.Torn,
            AllocatedBytes = control.Allocated,
            LongestSwapTickUs = control.LongestSwapTickNs / 1e3,
            LongestTickUs = control.LongestTickNs / 1e3,
            PublishToActiveP50Ms = delays[delays.Length / 2],
            PublishToActiveP99Ms = delays[Math.Min(delays.Length - 1, delays.Length * 99 / 100)],
            DownloadMs = Median(large, s => s.DownloadedNs - s.PublishedNs),
            ReadMs = Median(large, s => s.ReadNs - s.DownloadedNs),
            GateMs = Median(large, s => s.CheckedNs - s.ReadNs),
            PutMs = Median(large, s => s.PutNs - s.CheckedNs),
            LoadToActiveMs = Middle([.. large.Select(s => (s.Active - s.Stages.PutNs) / 1e6)]),
            Ticks = control.Ticks,
            IsRealTime = control.IsRealTime,
        };
    }

    private static double Median((SwapStages Stages, long Active)[] versions, Func<SwapStages, long> spanNs) =>
        Middle([.. versions.Select(v => spanNs(v.Stages) / 1e6)]);

    private static double Middle(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
