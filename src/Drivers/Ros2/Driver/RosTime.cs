using Robotics.Core;

namespace Robotics.Drivers.Ros2;

/// <summary>ROS time of a node: the wall clock, or /clock where use_sim_time is set. Only ever a label on messages.</summary>
/// <remarks>Safe from any thread; does not allocate.</remarks>
public sealed class RosTime
{
    private const long UnixEpochTicks = 621_355_968_000_000_000L;
    private const long NsPerTick = 100;
    private readonly IClock _clock;
    private readonly bool _simulated;
    private long _simNs;
    private long _simReceivedNs;

    /// <summary>ROS time over <paramref name="clock"/>.</summary>
    /// <param name="clock">Monotonic clock that receive times are measured with.</param>
    /// <param name="simulated">True for use_sim_time.</param>
    public RosTime(IClock clock, bool simulated)
    {
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _simulated = simulated;
    }

    /// <summary>Nanoseconds since 1970, or the newest time of /clock (0 before the first).</summary>
    public long NowNs => _simulated ? Volatile.Read(ref _simNs) : (WallClock.UtcNow.Ticks - UnixEpochTicks) * NsPerTick;

    /// <summary>Monotonic time at which the newest /clock came; for showing that the simulation stands still.</summary>
    public long SimReceivedNs => Volatile.Read(ref _simReceivedNs);

    /// <summary>Takes a message of /clock. Time that goes back is a restarted simulation and is taken as it is.</summary>
    public void OnClock(long simNs)
    {
        Volatile.Write(ref _simReceivedNs, _clock.NowNs);
        Volatile.Write(ref _simNs, simNs);
    }

    /// <summary>Monotonic time of what was stamped <paramref name="stampNs"/> and received at <paramref name="receivedNs"/>.</summary>
    /// <returns>The receive time where the stamp is missing, in the future, or older than 10 s: such a stamp tells nothing.</returns>
    public long ToMonotonic(long stampNs, long receivedNs)
    {
        const long MaxAgeNs = 10_000_000_000L; // clocks of two machines that differ more are not synchronised at all
        long age = NowNs - stampNs;
        return stampNs <= 0 || age < 0 || age > MaxAgeNs ? receivedNs : receivedNs - age;
    }

    /// <summary>ROS time of the monotonic time <paramref name="monotonicNs"/>.</summary>
    public long ToRos(long monotonicNs) => NowNs - (_clock.NowNs - monotonicNs);
}
