using System.Buffers.Text;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Robotics.Runtime.Guards;

namespace Robotics.Cli.Processes;

/// <summary>Sees another process die or be stopped, from outside and without its help.</summary>
/// <remarks>Its pidfd tells its end only after its memory is freed, so /proc/PID/stat is looked at too: there it counts as dying at once.
/// Allocates nothing after construction. One thread.</remarks>
internal sealed partial class ProcessWatch : IDisposable
{
    private const int PidfdOpen = 434; // SYS_pidfd_open, the same number on every architecture
    private const uint Exiting = 4; // PF_EXITING, include/linux/sched.h
    private const int FlagsField = 6; // proc(5): state is field 3, flags field 9
    private readonly int _pidfd;
    private readonly SafeFileHandle _stat;
    private readonly byte[] _text = new byte[512];

    /// <summary>Watches <paramref name="process"/>.</summary>
    public ProcessWatch(int process)
    {
        _pidfd = (int)SystemCall(PidfdOpen, process, 0);
        if (_pidfd < 0)
            throw new FailureException($"there is no process {process} to stand by for");
        _stat = File.OpenHandle($"/proc/{process}/stat");
    }

    /// <summary>Looks, after at most <paramref name="timeoutMs"/>; earlier when the process ends.</summary>
    public ProcessState Look(int timeoutMs)
    {
        if (IsReadable(_pidfd, timeoutMs))
            return ProcessState.Gone;
        int length;
        try
        {
            length = RandomAccess.Read(_stat, _text, 0);
        }
        catch (IOException)
        {
            return ProcessState.Gone; // ESRCH
        }
        return Parse(_text.AsSpan(0, length));
    }

    /// <summary>Waits.</summary>
    public static void Wait(int timeoutMs) => IsReadable(-1, timeoutMs);

    public void Dispose()
    {
        _ = Close(_pidfd);
        _stat.Dispose();
    }

    // "PID (name) S PPID ...": the name may hold anything, so from its last bracket on.
    private static ProcessState Parse(ReadOnlySpan<byte> stat)
    {
        ReadOnlySpan<byte> fields = stat[(stat.LastIndexOf((byte)')') + 2)..];
        byte state = fields.IsEmpty ? (byte)'X' : fields[0];
        for (int i = 0; i < FlagsField; i++)
            fields = fields[(fields.IndexOf((byte)' ') + 1)..];
        bool exiting = Utf8Parser.TryParse(fields, out uint flags, out _) && (flags & Exiting) != 0;
        if (exiting || state is (byte)'Z' or (byte)'X')
            return ProcessState.Gone;
        return state == (byte)'T' ? ProcessState.Stopped : ProcessState.Running;
    }

    // poll(2) on one descriptor; -1 just waits.
    private static unsafe bool IsReadable(int descriptor, int timeoutMs)
    {
        long entry = (uint)descriptor | (1L << 32); // struct pollfd: fd, events = POLLIN, revents
        return Poll(&entry, 1, timeoutMs) > 0 && entry >> 48 != 0;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long SystemCall(long number, long first, long second);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static unsafe partial int Poll(long* descriptors, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
