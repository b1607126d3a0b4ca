using System.Runtime.InteropServices;

namespace Robotics.Drivers.Ros2;

/// <summary>The newest command, handed from the control thread to the writer thread: newest wins, nobody waits for anybody.</summary>
/// <remarks>A sequence lock and an eventfd: posting costs one system call that cannot block.</remarks>
internal sealed partial class CommandOutbox : IDisposable
{
    private const int Nonblocking = 0x800; // EFD_NONBLOCK: the post must not block; the writer polls
    private const int PollIn = 1;
    private readonly float[] _values;
    private readonly int _eventFd;
    private long _sampleNs;
    private bool _enabled;
    private long _version; // odd while being written
    private long _taken;

    public CommandOutbox(int length)
    {
        _values = new float[length];
        _eventFd = EventFd(0, Nonblocking);
        if (_eventFd < 0)
            throw new InvalidOperationException($"eventfd failed: errno {Marshal.GetLastPInvokeError()} (too many open files?)");
        Wake(); // its native stub is made here, not in the first tick
    }

    /// <summary>True where the writer has taken every command posted.</summary>
    public bool IsEmpty => Volatile.Read(ref _taken) == (Volatile.Read(ref _version) & ~1L);

    /// <summary>Posts a command; replaces one not yet taken.</summary>
    public void Post(ReadOnlySpan<float> values, long sampleNs, bool enabled)
    {
        long version = _version;
        Volatile.Write(ref _version, version + 1);
        Thread.MemoryBarrier();
        values.CopyTo(_values);
        _sampleNs = sampleNs;
        _enabled = enabled;
        Volatile.Write(ref _version, version + 2);
        Wake();
    }

    /// <summary>Wakes the writer without a command.</summary>
    public unsafe void Wake()
    {
        ulong one = 1;
        _ = Write(_eventFd, &one, sizeof(ulong)); // EAGAIN means that it is awake already
    }

    /// <summary>Waits until woken or <paramref name="timeoutMs"/> passed, then takes the newest command.</summary>
    /// <returns>False where there is none that was not taken before.</returns>
    public unsafe bool TryTake(int timeoutMs, Span<float> values, out long sampleNs, out bool enabled)
    {
        var poll = new PollEntry { Descriptor = _eventFd, Events = PollIn };
        _ = Poll(&poll, 1, timeoutMs);
        ulong count;
        _ = Read(_eventFd, &count, sizeof(ulong));
        sampleNs = 0;
        enabled = false;
        while (true) // ends: the control thread writes for well below a microsecond, once per tick
        {
            long before = Volatile.Read(ref _version);
            if (before == _taken)
                return false;
            if ((before & 1) != 0)
                continue;
            _values.CopyTo(values);
            sampleNs = _sampleNs;
            enabled = _enabled;
            Thread.MemoryBarrier();
            if (Volatile.Read(ref _version) != before)
                continue;
            Volatile.Write(ref _taken, before);
            return true;
        }
    }

    public void Dispose() => _ = Close(_eventFd);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "write")]
    private static unsafe partial nint Write(int descriptor, void* data, nuint count);

    [LibraryImport("libc", EntryPoint = "read")]
    private static unsafe partial nint Read(int descriptor, void* data, nuint count);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static unsafe partial int Poll(PollEntry* entries, ulong count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
