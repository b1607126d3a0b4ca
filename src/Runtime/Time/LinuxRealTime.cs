using System.Runtime.InteropServices;

namespace Robotics.Runtime.Time;

/// <summary>The Linux calls that make a thread a real-time thread. All native declarations of the control process are here.</summary>
public static unsafe partial class LinuxRealTime
{
    private const int ClockMonotonic = 1; // CLOCK_MONOTONIC, time.h
    private const int AbsoluteTime = 1; // TIMER_ABSTIME
    private const int Fifo = 1; // SCHED_FIFO, sched.h
    private const int LockCurrent = 1; // MCL_CURRENT, sys/mman.h
    private const int LockFuture = 2; // MCL_FUTURE

    /// <summary>Sleeps until <paramref name="monotonicNs"/> on CLOCK_MONOTONIC, starting over where a signal interrupts. Does not allocate.</summary>
    public static void SleepUntil(long monotonicNs)
    {
        TimeSpecification due = new() { Seconds = monotonicNs / 1_000_000_000, Nanoseconds = monotonicNs % 1_000_000_000 };
        const int interrupted = 4; // EINTR
        while (ClockNanosleep(ClockMonotonic, AbsoluteTime, &due, null) == interrupted)
        {
        }
    }

    /// <summary>Makes the calling thread SCHED_FIFO at <paramref name="priority"/>, pins it to <paramref name="core"/> (-1: any) and locks the
    /// process's memory.</summary>
    /// <returns>What could not be had, one line each with the remedy; empty where the thread is now real-time.</returns>
    public static IReadOnlyList<string> MakeRealTime(int priority, int core)
    {
        var refusals = new List<string>();
        int parameter = priority;
        if (SchedSetScheduler(0, Fifo, &parameter) != 0)
            refusals.Add($"no SCHED_FIFO priority {priority} (errno {Marshal.GetLastPInvokeError()}): add 'rtprio {priority}' for this user in /etc/security/limits.conf");
        if (core >= 0)
        {
            Span<ulong> mask = stackalloc ulong[16]; // 1,024 processors, as cpu_set_t
            mask.Clear();
            mask[core / 64] = 1UL << (core % 64);
            fixed (ulong* m = mask)
            {
                if (SchedSetAffinity(0, (nuint)(mask.Length * sizeof(ulong)), m) != 0)
                    refusals.Add($"cannot pin to core {core} (errno {Marshal.GetLastPInvokeError()}): choose one of {Environment.ProcessorCount} cores");
            }
        }
        if (LockMemory(LockCurrent | LockFuture) != 0)
            refusals.Add($"cannot lock memory (errno {Marshal.GetLastPInvokeError()}): add 'memlock unlimited' for this user in /etc/security/limits.conf");
        return refusals;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }

    // SuppressGCTransition is not used: the call blocks, and a blocked thread must not stop a collection elsewhere in the process.
    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, TimeSpecification* request, TimeSpecification* remaining);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    private static partial int SchedSetScheduler(int thread, int policy, int* parameter);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SchedSetAffinity(int thread, nuint length, ulong* mask);

    [LibraryImport("libc", EntryPoint = "mlockall", SetLastError = true)]
    private static partial int LockMemory(int flags);
}
