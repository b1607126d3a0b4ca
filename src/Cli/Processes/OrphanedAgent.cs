using System.Runtime.InteropServices;

namespace Robotics.Cli.Processes;

/// <summary>When an agent ends whose <c>robotics run</c> was killed: not before the control process, which flies on, has ended too and all it recorded is taken.</summary>
/// <remarks>Pure but for the parent's process id, which is looked up once a second. One thread.</remarks>
internal sealed partial class OrphanedAgent(int? run)
{
    private const long SilentNs = 10_000_000_000; // of control: longer than any standstill after which it came back
    private const long LookNs = 1_000_000_000;
    private long _lookNs = long.MinValue;
    private long _ticks = -1;
    private long _heardNs = long.MinValue;
    private bool _orphaned;

    /// <summary>Looks once.</summary>
    /// <param name="nowNs">Monotonic time.</param>
    /// <param name="ticks">Control's newest tick.</param>
    /// <param name="pendingBytes">What the ring still holds.</param>
    public bool IsOver(long nowNs, long ticks, long pendingBytes)
    {
        if (ticks != _ticks || _heardNs == long.MinValue)
            (_ticks, _heardNs) = (ticks, nowNs);
        if (run is not { } parent)
            return false;
        if (nowNs >= _lookNs)
        {
            _lookNs = nowNs + LookNs;
            _orphaned = GetParent() != parent;
        }
        return _orphaned && pendingBytes == 0 && nowNs - _heardNs > SilentNs;
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParent();
}
