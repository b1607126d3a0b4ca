using Robotics.Core;

namespace Robotics.Runtime.Time;

/// <summary>Simulated time: each tick moves the clock by exactly one period, as fast as the machine allows.</summary>
public sealed class LockstepPacer(ManualClock clock, long periodNs) : IPacer
{
    /// <inheritdoc/>
    public int WaitForNextTick()
    {
        clock.Advance(periodNs);
        return 0;
    }
}
