using System.Runtime.InteropServices;

namespace Robotics.Cli;

/// <summary>What signals ask for, one after the other: the end in order, nothing new, or the end at once. Pure: time is handed in; any thread.</summary>
/// <remarks>
/// <para>A robot is in the air, or an arm under load, between the first and the second wish, so only a person who asks twice the same way is taken at
/// his word: Ctrl-C twice, or SIGTERM twice. One wish often comes as several signals: a terminal signals the whole group and <c>robotics run</c>
/// passes it on; a service's end signals every process of it; a closed terminal hangs up twice. None of these is a second wish.</para>
/// </remarks>
internal sealed class ShutdownWish
{
    private const long SameNs = 500_000_000; // timeout(1) and service managers signal process and group; nobody presses twice on purpose that fast
    private readonly Lock _lock = new();
    private bool _told;
    private long _interruptNs = long.MinValue;
    private long _terminateNs = long.MinValue;

    /// <summary>Hears <paramref name="signal"/> at <paramref name="nowNs"/> (monotonic).</summary>
    public ShutdownUrgency Hear(PosixSignal signal, long nowNs)
    {
        lock (_lock)
        {
            bool repeated = signal switch
            {
                PosixSignal.SIGINT => IsRepeated(ref _interruptNs, nowNs),
                PosixSignal.SIGTERM => IsRepeated(ref _terminateNs, nowNs),
                _ => false,
            };
            bool first = !_told;
            _told = true;
            return first ? ShutdownUrgency.InOrder : repeated ? ShutdownUrgency.AtOnce : ShutdownUrgency.Known;
        }
    }

    private static bool IsRepeated(ref long firstNs, long nowNs)
    {
        if (firstNs != long.MinValue)
            return nowNs - firstNs >= SameNs;
        firstNs = nowNs;
        return false;
    }
}
