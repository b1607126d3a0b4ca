using Robotics.Core;
using Robotics.Safety;

namespace Robotics.Runtime.Guards;

/// <summary>What looks after the loop itself: the watching thread (R14) and the count of late ticks (R26).</summary>
/// <remarks>Control thread, once per tick; allocates nothing.</remarks>
public sealed class LoopGuards : IDisposable
{
    private readonly OverrunMonitor _overrun = new();
    private readonly WatchingThread _watch;
    private readonly SafetySupervisor _supervisor;
    private readonly bool _acts;

    /// <summary>Guards over the loop of <paramref name="supervisor"/>.</summary>
    /// <param name="clock">The loop's clock.</param>
    /// <param name="supervisor">Hears of overrun and stalls.</param>
    /// <param name="driver">What the watching thread writes to.</param>
    /// <param name="periodNs">Control period, ns.</param>
    /// <param name="acts">False to count only: a simulated robot on a machine without real-time rights, where being late is the machine's
    /// doing and harms nobody.</param>
    public LoopGuards(IClock clock, SafetySupervisor supervisor, IRobotDriver driver, long periodNs, bool acts)
    {
        _supervisor = supervisor ?? throw new ArgumentNullException(nameof(supervisor));
        _watch = new WatchingThread(clock, supervisor, driver, periodNs, acts);
        _acts = acts;
    }

    /// <summary>The thread on the other core.</summary>
    public WatchingThread Watch => _watch;

    /// <summary>Late ticks among the last 100.</summary>
    public int LateTicks => _overrun.LateTicks;

    /// <summary>A tick begins.</summary>
    /// <param name="nowNs">Now.</param>
    /// <param name="missedPeriods">Whole periods that were skipped before it: ticks that came too late to happen.</param>
    public void OnTick(long nowNs, int missedPeriods)
    {
        _watch.Beat(nowNs);
        _supervisor.Confirm(ArmingChecks.Watchdog, _watch.IsAlive(nowNs));
        OverrunLevel level = _overrun.Add(late: false);
        for (int i = Math.Min(missedPeriods, OverrunMonitor.Window); i > 0; i--)
            level = _overrun.Add(late: true);
        if (level == OverrunLevel.Stop && _acts && _supervisor.Arming == ArmingState.Armed)
            _supervisor.Report(SafetyCauses.Overrun);
    }

    /// <inheritdoc/>
    public void Dispose() => _watch.Dispose();
}
