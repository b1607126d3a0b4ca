using System.Globalization;
using System.Runtime.InteropServices;
using Robotics.Core;
using Robotics.Runtime.Time;

namespace Robotics.Cli.Doctor;

/// <summary>What the runtime needs of a machine: real-time rights, clock, libraries, disk, shared memory.</summary>
internal static partial class MachineChecks
{
    private const int RealTimePriorityLimit = 14; // RLIMIT_RTPRIO, sys/resource.h
    private const int MemoryLockLimit = 8; // RLIMIT_MEMLOCK
    private const int ControlPriority = 80; // the control process's
    private const ulong LeastLockedBytes = 512UL << 20; // a control process of about 200 MiB resident, twice
    private const long LeastDiskBytes = 1L << 30; // an hour of transitions at 1 kHz and 256 bytes
    private const long LeastSharedBytes = 64L << 20; // record ring and mailboxes

    /// <summary>All of them; <paramref name="folder"/> is where a run would write.</summary>
    public static IEnumerable<DoctorFinding> All(string folder) =>
    [
        RealTimePriority(), MemoryLock(), IdleStates(), Preemption(), Cores(), WallTime(),
        Library("libzmq.so.5", "libzmq5", isNeeded: true), Library("libddsc.so.0debian", "libddsc0debian", isNeeded: false),
        Disk("disk", folder, LeastDiskBytes), Disk("shared memory", "/dev/shm", LeastSharedBytes),
    ];

    // Root and whoever holds CAP_SYS_NICE need no limit.
    private static DoctorFinding RealTimePriority()
    {
        ulong limit = LimitOf(RealTimePriorityLimit);
        return Environment.IsPrivilegedProcess || limit >= ControlPriority
            ? DoctorFinding.Ok("real-time priority", Environment.IsPrivilegedProcess ? "privileged process" : $"up to {limit}, {ControlPriority} needed")
            : DoctorFinding.Problem("real-time priority", $"up to {limit}, {ControlPriority} needed: ticks will be late under load",
                $"add '{Environment.UserName} - rtprio {ControlPriority}' to /etc/security/limits.d/robotics.conf and log in again");
    }

    private static DoctorFinding MemoryLock()
    {
        ulong limit = LimitOf(MemoryLockLimit);
        string text = limit == ulong.MaxValue ? "unlimited" : $"{limit >> 20} MiB";
        return Environment.IsPrivilegedProcess || limit >= LeastLockedBytes
            ? DoctorFinding.Ok("locked memory", text)
            : DoctorFinding.Problem("locked memory", $"{text}, {LeastLockedBytes >> 20} MiB needed: a page fault can stop a tick",
                $"add '{Environment.UserName} - memlock unlimited' to /etc/security/limits.d/robotics.conf and log in again");
    }

    private static DoctorFinding IdleStates()
    {
        using CpuLatencyRequest? awake = CpuLatencyRequest.TryHold(out string? refusal);
        return refusal is null
            ? DoctorFinding.Ok("idle cores", $"{CpuLatencyRequest.Device} can be held at 0 us")
            : DoctorFinding.Note("idle cores", $"{CpuLatencyRequest.Device} cannot be opened: idle cores wake up late", "copy hardware/80-robotics-realtime.rules to /etc/udev/rules.d");
    }

    private static DoctorFinding Preemption()
    {
        string version = ReadText("/proc/version");
        bool realTime = ReadText("/sys/kernel/realtime") == "1" || version.Contains("PREEMPT_RT", StringComparison.Ordinal);
        string kernel = version.Split(' ') is { Length: > 2 } words ? words[2] : "unknown";
        return realTime
            ? DoctorFinding.Ok("kernel", $"{kernel}, PREEMPT_RT")
            : DoctorFinding.Note("kernel", $"{kernel}, not PREEMPT_RT: worst-case latency of milliseconds under load", "apt-get install linux-image-rt-amd64 (or -arm64) for loops above 200 Hz");
    }

    private static DoctorFinding Cores()
    {
        int cores = Environment.ProcessorCount;
        return cores >= 2
            ? DoctorFinding.Ok("processor", $"{cores} cores")
            : DoctorFinding.Problem("processor", "1 core: the control thread would share it with everything else", "use a machine with at least 2 cores");
    }

    // A label only, but one that bundles and signing time stamps carry.
    private static DoctorFinding WallTime() =>
        WallClock.UtcNow.Year is >= 2025 and < 2100
            ? DoctorFinding.Ok("wall clock", WallClock.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC")
            : DoctorFinding.Problem("wall clock", $"{WallClock.UtcNow:yyyy-MM-dd}: signed MAVLink links and logs need a plausible date", "set the clock: timedatectl set-ntp true");

    private static DoctorFinding Library(string file, string package, bool isNeeded)
    {
        if (NativeLibrary.TryLoad(file, out nint handle))
        {
            NativeLibrary.Free(handle);
            return DoctorFinding.Ok(package, $"{file} loads");
        }
        return isNeeded
            ? DoctorFinding.Problem(package, $"{file} cannot be loaded: no link to a learner", $"apt-get install {package}")
            : DoctorFinding.Note(package, $"{file} cannot be loaded: robots over ROS 2 need it", $"apt-get install {package}");
    }

    private static DoctorFinding Disk(string check, string folder, long least)
    {
        try
        {
            string existing = Path.GetFullPath(folder);
            while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
                existing = parent; // a run makes the folder
            long free = new DriveInfo(existing).AvailableFreeSpace;
            string text = $"{free >> 20} MiB free in {folder}";
            return free >= least
                ? DoctorFinding.Ok(check, text)
                : DoctorFinding.Problem(check, $"{text}, {least >> 20} MiB needed", "free some, or give another --folder");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return DoctorFinding.Problem(check, $"{folder} cannot be written: {e.Message}", "give another --folder");
        }
    }

    private static string ReadText(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file).Trim() : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static unsafe ulong LimitOf(int resource)
    {
        ulong* limits = stackalloc ulong[2]; // struct rlimit: soft, hard
        return GetLimit(resource, limits) == 0 ? limits[0] : 0;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static unsafe partial int GetLimit(int resource, ulong* limits);
}
