using Robotics.Core;
using Robotics.Runtime.Time;

namespace Robotics.Runtime.Campaign;

/// <summary>Paces a rig's periods on the wall clock and measures how late the safe command of a period was ready.</summary>
/// <remarks>One thread. A scenario that computes between two ticks for longer than a period starts a new beat: its own work is not the supervisor's.</remarks>
internal sealed class CampaignPace
{
    private long _dueNs;

    /// <summary>Periods since <see cref="Restart"/>.</summary>
    public long Periods { get; private set; }

    /// <summary>Longest time from a period's due time to its written command since <see cref="Restart"/>, ns.</summary>
    public long WorstNs { get; private set; }

    /// <summary>Forgets what was measured.</summary>
    public void Restart() => Periods = WorstNs = 0;

    /// <summary>Returns at the next due time.</summary>
    public void WaitForDue(long periodNs)
    {
        long now = MonotonicClock.Instance.NowNs;
        _dueNs = now > _dueNs + periodNs ? now : _dueNs + periodNs;
        LinuxRealTime.SleepUntil(_dueNs);
    }

    /// <summary>The command of this period is written.</summary>
    public void Done()
    {
        Periods++;
        WorstNs = Math.Max(WorstNs, MonotonicClock.Instance.NowNs - _dueNs);
    }
}
