using Robotics.Core;

namespace Robotics.Cli.Bench;

/// <summary>Spans of time of one kind, to count what happened in them.</summary>
internal sealed class SwapWindows
{
    private readonly List<(long BeginNs, long EndNs)> _windows = [];

    /// <summary>Runs <paramref name="phase"/> as one window.</summary>
    public void Measure(Action phase)
    {
        long begin = MonotonicClock.Instance.NowNs;
        phase();
        _windows.Add((begin, MonotonicClock.Instance.NowNs));
    }

    /// <summary>How many of <paramref name="timesNs"/> lie in a window.</summary>
    public int CountOf(IEnumerable<long> timesNs) => timesNs.Count(t => _windows.Exists(w => t >= w.BeginNs && t < w.EndNs));
}
