using Robotics.Core;

namespace Robotics.Runtime.Time;

/// <summary>Absolute deadlines on CLOCK_MONOTONIC: lateness of one tick never shifts the next.</summary>
/// <remarks>After an overrun whole missed periods are skipped and reported, as ros2_control does; ticks are never made up in a burst,
/// since a burst would send stale commands. Does not allocate.</remarks>
public sealed class RealTimePacer(IClock clock, long periodNs) : IPacer
{
    private long _dueNs = long.MinValue;

    /// <summary>How late the last tick woke up, ns.</summary>
    public long LatenessNs { get; private set; }

    /// <inheritdoc/>
    public int WaitForNextTick()
    {
        long now = clock.NowNs;
        if (_dueNs == long.MinValue)
            _dueNs = now;
        _dueNs += periodNs;
        int missed = 0;
        if (now >= _dueNs)
        {
            missed = (int)Math.Min(int.MaxValue, ((now - _dueNs) / periodNs) + 1);
            _dueNs += missed * periodNs;
        }
        LinuxRealTime.SleepUntil(_dueNs);
        LatenessNs = clock.NowNs - _dueNs;
        return missed;
    }
}
