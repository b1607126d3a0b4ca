namespace Robotics.Safety;

/// <summary>Counts how many of the last ticks had to be clamped. Control thread only; allocates nothing.</summary>
public sealed class ClampShare
{
    private readonly bool[] _window;
    private readonly double _limit;
    private int _next;
    private int _count;

    /// <summary>An empty window.</summary>
    public ClampShare(ClampShareLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _window = new bool[limits.WindowTicks];
        _limit = limits.MaxFraction * limits.WindowTicks;
    }

    /// <summary>Adds one tick; true where the share is now over its limit. The window then starts anew.</summary>
    public bool Add(bool clamped)
    {
        _count += (clamped ? 1 : 0) - (_window[_next] ? 1 : 0);
        _window[_next] = clamped;
        _next = (_next + 1) % _window.Length;
        if (_count <= _limit)
            return false;
        Clear();
        return true;
    }

    /// <summary>Forgets all ticks.</summary>
    public void Clear()
    {
        Array.Clear(_window);
        _count = 0;
    }
}
