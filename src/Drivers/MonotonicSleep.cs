using System.Runtime.InteropServices;

namespace Robotics.Drivers;

/// <summary>Absolute sleeping on CLOCK_MONOTONIC for simulated and emulated devices, which pace themselves as real ones do.</summary>
internal static unsafe partial class MonotonicSleep
{
    private const int ClockMonotonic = 1; // time.h
    private const int AbsoluteTime = 1; // TIMER_ABSTIME
    private const int Interrupted = 4; // EINTR

    /// <summary>Sleeps until <paramref name="monotonicNs"/>; returns at once where that is past.</summary>
    public static void Until(long monotonicNs)
    {
        long* due = stackalloc long[2] { monotonicNs / 1_000_000_000, monotonicNs % 1_000_000_000 };
        while (ClockNanosleep(ClockMonotonic, AbsoluteTime, due, null) == Interrupted)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, long* request, long* remaining);
}
