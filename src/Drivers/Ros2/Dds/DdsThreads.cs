using System.Globalization;
using System.Runtime.InteropServices;

namespace Robotics.Drivers.Ros2.Dds;

/// <summary>Gives the threads between the wire and the control thread real-time priority: those of Cyclone and the two of a driver.</summary>
/// <remarks>A control thread that is on time is of no use with samples that wait for a processor behind other programs. Found by name in
/// /proc/self/task, because Cyclone's own configuration of priorities makes its start fail where the right is missing.</remarks>
internal static partial class DdsThreads
{
    /// <summary>Beginning of the name of a context's receiving thread.</summary>
    public const string ReceiverName = "ros2-rx-";

    /// <summary>Name of the thread that publishes commands.</summary>
    public const string SenderName = "ros2-commands";

    private const int Fifo = 1; // SCHED_FIFO, sched.h

    // Names that Cyclone 0.10 and 11 give: receiving, delivering, timed events (acknowledgements and retransmissions).
    private static readonly string[] s_names = ["recv", "dq.", "tev", ReceiverName, SenderName];

    /// <summary>Makes them SCHED_FIFO at <paramref name="priority"/>.</summary>
    /// <returns>What could not be had, with the remedy; null where all have it.</returns>
    public static string? MakeRealTime(int priority)
    {
        int refused = 0, errno = 0;
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            if (!IsOurs(task) || TrySet(int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), priority, out int error))
                continue;
            refused++;
            errno = error;
        }
        return refused == 0
            ? null
            : $"no SCHED_FIFO priority {priority} for {refused} DDS threads (errno {errno}): add 'rtprio {priority}' for this user in /etc/security/limits.conf";
    }

    private static bool IsOurs(string task)
    {
        try
        {
            string name = File.ReadAllText(Path.Combine(task, "comm"));
            return Array.Exists(s_names, n => name.StartsWith(n, StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false; // a thread that ended meanwhile
        }
    }

    private static unsafe bool TrySet(int thread, int priority, out int error)
    {
        bool ok = SetScheduler(thread, Fifo, &priority) == 0;
        error = ok ? 0 : Marshal.GetLastPInvokeError();
        return ok;
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    private static unsafe partial int SetScheduler(int thread, int policy, int* parameter);
}
