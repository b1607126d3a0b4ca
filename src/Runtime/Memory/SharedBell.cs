using System.Runtime.InteropServices;

namespace Robotics.Runtime.Memory;

/// <summary>Sleeps on a 32-bit word of shared memory until another process has changed it: futex(2), which x86-64 and arm64 Linux have.</summary>
/// <remarks>No handshake and no file descriptor: a waiter that dies leaves nothing behind. Elsewhere <see cref="Wait"/> looks again after 1 ms.</remarks>
internal static unsafe partial class SharedBell
{
    private const int WaitOperation = 0; // FUTEX_WAIT, linux/futex.h; without FUTEX_PRIVATE_FLAG, since two processes share the word
    private const int WakeOperation = 1; // FUTEX_WAKE

    private static readonly long s_call = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202, // __NR_futex, asm/unistd_64.h
        Architecture.Arm64 => 98, // __NR_futex, asm-generic/unistd.h
        _ => -1,
    };

    /// <summary>Waits until <paramref name="word"/> is not <paramref name="expected"/> any more, at most about <paramref name="timeoutMs"/>; may return early.</summary>
    public static void Wait(uint* word, uint expected, int timeoutMs)
    {
        TimeSpecification limit = new() { Nanoseconds = timeoutMs * 1_000_000L % 1_000_000_000, Seconds = timeoutMs / 1000 };
        if (s_call >= 0 && OperatingSystem.IsLinux())
            Call(s_call, word, WaitOperation, expected, &limit, null, 0);
        else
            Time.LinuxRealTime.SleepUntil(Core.MonotonicClock.Instance.NowNs + 1_000_000);
    }

    /// <summary>Wakes whoever waits for <paramref name="word"/>.</summary>
    public static void Wake(uint* word)
    {
        if (s_call >= 0 && OperatingSystem.IsLinux())
            Call(s_call, word, WakeOperation, int.MaxValue, null, null, 0);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long Call(long number, uint* word, long operation, ulong value, TimeSpecification* timeout, uint* second, ulong third);
}
