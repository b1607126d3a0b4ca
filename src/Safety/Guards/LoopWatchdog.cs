namespace Robotics.Safety;

/// <summary>Says whether the control loop still turns. The loop beats; a thread on another core (or another process) looks.</summary>
/// <remarks>
/// <para>Two of them make the dual watchdog of R14: one with three control periods for the watching thread, one with 20 ms (arm) or
/// 50 ms (quadrotor) for a second process over shared memory; the device's own command timeout stands behind both.</para>
/// <para><see cref="Beat"/>: control thread. <see cref="IsStalled"/>: the watcher. Neither locks or allocates.</para>
/// </remarks>
public sealed class LoopWatchdog
{
    private readonly long _limitNs;
    private long _lastBeatNs = long.MinValue;

    /// <summary>A watchdog that calls the loop stalled after <paramref name="limitNs"/> without a beat.</summary>
    public LoopWatchdog(long limitNs) => _limitNs = limitNs;

    /// <summary>The loop turned at <paramref name="nowNs"/>.</summary>
    public void Beat(long nowNs) => Volatile.Write(ref _lastBeatNs, nowNs);

    /// <summary>True where the loop was seen and has not beaten for longer than the limit.</summary>
    public bool IsStalled(long nowNs)
    {
        long last = Volatile.Read(ref _lastBeatNs);
        return last != long.MinValue && nowNs - last > _limitNs;
    }

    /// <summary>Time since the last beat, ns; 0 before the first.</summary>
    public long SinceBeatNs(long nowNs)
    {
        long last = Volatile.Read(ref _lastBeatNs);
        return last == long.MinValue ? 0 : nowNs - last;
    }
}
