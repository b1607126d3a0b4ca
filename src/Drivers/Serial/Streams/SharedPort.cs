using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Robotics.Drivers.Serial;

/// <summary>A copy of the descriptor with which another process has a port open: usable at once when that process dies.</summary>
/// <remarks>A dying process keeps its port locked until the kernel has freed its memory: 105 ms for a control process with locked memory
/// (2026-11-21). Needs the rights to trace the other process (same user; see <see cref="Allow"/>).</remarks>
public sealed partial class SharedPort : TerminalStream
{
    private const int PidfdOpen = 434; // SYS_pidfd_open and SYS_pidfd_getfd (Linux 5.6), the same numbers on every architecture
    private const int PidfdGetFd = 438;
    private const int SetPtracer = 0x59616d61; // PR_SET_PTRACER, uapi/linux/prctl.h

    private SharedPort(SafeFileHandle handle, string path)
        : base(handle, $"serial:{path}")
    {
    }

    /// <summary>True once the cable is out or the device gone: the other process has, or will have, another descriptor.</summary>
    public bool IsHungUp
    {
        get
        {
            var poll = new Posix.PollFd { Descriptor = (int)Handle.DangerousGetHandle() };
            return Posix.Poll(ref poll, 1, 0) != 0; // POLLHUP, POLLERR and POLLNVAL are told unasked
        }
    }

    /// <summary>Shares the descriptor that <paramref name="process"/> has of <paramref name="path"/>; null where it has none, or may not be looked into.</summary>
    public static SharedPort? TryTake(int process, string path)
    {
        try
        {
            string target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            foreach (string entry in Directory.EnumerateFileSystemEntries($"/proc/{process}/fd"))
            {
                if (string.Equals(new FileInfo(entry).LinkTarget, target, StringComparison.Ordinal))
                    return TryCopy(process, int.Parse(Path.GetFileName(entry), CultureInfo.InvariantCulture), path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process ended or belongs to somebody else, or the cable is out.
        }
        return null;
    }

    /// <summary>Lets process <paramref name="other"/> take descriptors of this one where the kernel (Yama) would only let a parent; elsewhere it changes nothing.</summary>
    public static void Allow(int other) => _ = ProcessControl(SetPtracer, other, 0, 0, 0);

    private static SharedPort? TryCopy(int process, int descriptor, string path)
    {
        using var pidfd = new SafeFileHandle((nint)SystemCall(PidfdOpen, process, 0, 0), ownsHandle: true);
        if (pidfd.IsInvalid)
            return null;
        var copy = new SafeFileHandle((nint)SystemCall(PidfdGetFd, pidfd.DangerousGetHandle(), descriptor, 0), ownsHandle: true);
        if (!copy.IsInvalid)
            return new SharedPort(copy, path);
        copy.Dispose();
        return null;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long SystemCall(long number, long first, long second, long third);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nint second, nint third, nint fourth, nint fifth);
}
