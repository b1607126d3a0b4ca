using Robotics.Core;

namespace Robotics.Runtime.Guards;

/// <summary>When the process that stands by an arm without a watchdog lets it go (R16): control died, was stopped, or says nothing.</summary>
/// <remarks>Pure: time and what was seen are handed in. One thread.</remarks>
public sealed class LimpJudge
{
    /// <summary>Silence after which a control process that runs counts as hanging, ns. R16 asks for 100 ms; 50 ms killed one that a busy machine only held up.</summary>
    public const long SilentNs = 80_000_000;

    private const long LookNs = 20_000_000; // a look comes every 5 ms; later than this, the one who looks was held up, and control perhaps with it
    private const int StoppedLooks = 2; // one look alone may be a debugger's or a job control's instant
    private long _ticks = -1;
    private long _aliveNs;
    private long _tickNs;
    private long _lookedNs;
    private int _stopped;

    /// <summary>When control's newest tick was seen first, ns.</summary>
    public long LastTickNs => _tickNs;

    /// <summary>Looks once.</summary>
    /// <param name="nowNs">Monotonic time.</param>
    /// <param name="ticks">Control's newest tick.</param>
    /// <param name="action">Control's newest action; below <see cref="SafetyAction.PowerCut"/> something is powered.</param>
    /// <param name="control">What the kernel says of control.</param>
    /// <param name="hasLeft">Control left its loop in order: its silence is no sign of hanging.</param>
    public LimpVerdict Look(long nowNs, long ticks, SafetyAction action, ProcessState control, bool hasLeft)
    {
        if (nowNs - _lookedNs > LookNs)
            _aliveNs += nowNs - _lookedNs - LookNs; // a machine that stood still is no silence of control
        _lookedNs = nowNs;
        if (ticks != _ticks || action == SafetyAction.PowerCut)
            (_ticks, _aliveNs, _tickNs) = (ticks, nowNs, nowNs);
        _stopped = control == ProcessState.Stopped ? _stopped + 1 : 0;
        if (action == SafetyAction.PowerCut)
            return LimpVerdict.StandBy;
        if (control == ProcessState.Gone)
            return LimpVerdict.LetGo;
        bool hangs = nowNs - _aliveNs > SilentNs && !hasLeft;
        return _stopped >= StoppedLooks || hangs ? LimpVerdict.KillAndLetGo : LimpVerdict.StandBy;
    }
}
