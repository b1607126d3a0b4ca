using System.Runtime.InteropServices;

namespace Robotics.Core;

/// <summary>CPU time that the calling thread has used: what benchmarks count, so that other work on the machine does not.</summary>
/// <remarks>Linux (CLOCK_THREAD_CPUTIME_ID, nanosecond resolution); elsewhere the monotonic clock, which counts waiting too.
/// Read begin and end on the same thread. Does not allocate.</remarks>
public sealed partial class ThreadCpuClock : IClock
{
    private const int ThreadCpuTimeId = 3; // <time.h> CLOCK_THREAD_CPUTIME_ID

    /// <summary>The one instance; it has no state.</summary>
    public static ThreadCpuClock Instance { get; } = new();

    private ThreadCpuClock() { }

    /// <inheritdoc/>
    public long NowNs =>
        OperatingSystem.IsLinux() && GetTime(ThreadCpuTimeId, out TimeSpec time) == 0
            ? (time.Seconds * 1_000_000_000L) + time.Nanoseconds
            : MonotonicClock.Instance.NowNs;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int GetTime(int clock, out TimeSpec time);

    // struct timespec of 64-bit Linux.
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
