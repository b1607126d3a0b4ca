using System.Runtime.InteropServices;

namespace Robotics.Runtime.Time;

/// <summary>What the kernel had to do for the calling thread since it began: a real-time thread wants none of it while it ticks.</summary>
/// <param name="PageFaults">Pages that were not there when touched; 0 for locked memory.</param>
/// <param name="Preemptions">Times it was taken off its core though it wanted to run.</param>
public readonly partial record struct ThreadUsage(long PageFaults, long Preemptions)
{
    private const int Thread = 1; // RUSAGE_THREAD, sys/resource.h
    private const int MinorFaults = 8; // index of ru_minflt in struct rusage of 64-bit Linux, in longs
    private const int MajorFaults = 9; // ru_majflt
    private const int InvoluntarySwitches = 17; // ru_nivcsw
    private const int Longs = 18;

    /// <summary>Of the calling thread, until now; zero where the kernel does not tell. Does not allocate.</summary>
    public static unsafe ThreadUsage Now
    {
        get
        {
            long* usage = stackalloc long[Longs];
            return GetUsage(Thread, usage) == 0
                ? new ThreadUsage(usage[MinorFaults] + usage[MajorFaults], usage[InvoluntarySwitches])
                : default;
        }
    }

    /// <summary>Between two moments.</summary>
    public static ThreadUsage operator -(ThreadUsage later, ThreadUsage earlier) =>
        new(later.PageFaults - earlier.PageFaults, later.Preemptions - earlier.Preemptions);

    [LibraryImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static unsafe partial int GetUsage(int who, long* usage);
}
