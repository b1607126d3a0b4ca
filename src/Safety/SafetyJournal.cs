namespace Robotics.Safety;

/// <summary>The last transitions, in a fixed ring written by the control thread and drained by whoever records.</summary>
/// <remarks>Same-thread use only (the recorder runs on the tick); allocates nothing. A ring that overflows keeps the newest and counts.</remarks>
public sealed class SafetyJournal
{
    private readonly SafetyTransition[] _ring = new SafetyTransition[1024]; // two seconds of a fault that changes in every tick at 500 Hz
    private long _written;
    private long _read;

    /// <summary>Transitions since start.</summary>
    public long Count => _written;

    /// <summary>Transitions that were overwritten before anybody read them.</summary>
    public long Lost { get; private set; }

    /// <summary>Takes the oldest unread transition.</summary>
    public bool TryTake(out SafetyTransition transition)
    {
        transition = default;
        if (_read == _written)
            return false;
        transition = _ring[_read++ % _ring.Length];
        return true;
    }

    internal void Add(in SafetyTransition transition)
    {
        _ring[_written++ % _ring.Length] = transition;
        if (_written - _read <= _ring.Length)
            return;
        _read++;
        Lost++;
    }
}
