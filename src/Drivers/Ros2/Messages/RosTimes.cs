using Robotics.Drivers.Ros2.Messages.BuiltinInterfaces;

namespace Robotics.Drivers.Ros2;

/// <summary>Times of messages as nanoseconds and back.</summary>
public static class RosTimes
{
    private const long NsPerSecond = 1_000_000_000L;

    /// <summary>Nanoseconds of <paramref name="time"/>.</summary>
    public static long ToNs(this Time time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return (time.Sec * NsPerSecond) + time.Nanosec;
    }

    /// <summary>Sets <paramref name="time"/> to <paramref name="ns"/>.</summary>
    public static void Set(this Time time, long ns)
    {
        ArgumentNullException.ThrowIfNull(time);
        long seconds = Math.DivRem(ns, NsPerSecond, out long rest);
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + NsPerSecond);
        time.Sec = (int)seconds;
        time.Nanosec = (uint)rest;
    }
}
