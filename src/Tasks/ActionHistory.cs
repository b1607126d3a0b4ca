namespace Robotics.Tasks;

/// <summary>The last executed actions, oldest first, as an observation holds them.</summary>
/// <remarks>Control thread only; allocates nothing after construction. The learner rebuilds the same from the stored executed actions.</remarks>
public sealed class ActionHistory
{
    private readonly RobotTask _task;
    private readonly float[] _ring;
    private int _oldest;

    /// <summary>A history for <paramref name="task"/>, filled with its initial action.</summary>
    public ActionHistory(RobotTask task)
    {
        _task = task ?? throw new ArgumentNullException(nameof(task));
        _ring = new float[task.HistoryLength * task.ActionLength];
        Reset();
    }

    /// <summary>Forgets: as before an episode's first step.</summary>
    public void Reset()
    {
        _oldest = 0;
        for (int i = 0; i < _ring.Length; i++)
            _ring[i] = _task.Action.Initial[i % _task.ActionLength];
    }

    /// <summary>Adds the action executed in the step that ended.</summary>
    public void Push(ReadOnlySpan<float> executed)
    {
        if (_ring.Length == 0)
            return;
        executed[.._task.ActionLength].CopyTo(_ring.AsSpan(_oldest));
        _oldest = (_oldest + _task.ActionLength) % _ring.Length;
    }

    /// <summary>Writes the history, oldest action first, HistoryLength * ActionLength values.</summary>
    public void CopyTo(Span<float> destination)
    {
        ReadOnlySpan<float> ring = _ring;
        ring[_oldest..].CopyTo(destination);
        ring[.._oldest].CopyTo(destination[(_ring.Length - _oldest)..]);
    }

    /// <summary>As above, as if <paramref name="newest"/> had been pushed already: inside a step that is not over.</summary>
    public void CopyTo(Span<float> destination, ReadOnlySpan<float> newest)
    {
        if (_ring.Length == 0)
            return;
        CopyTo(destination);
        int kept = _ring.Length - _task.ActionLength;
        destination.Slice(_task.ActionLength, kept).CopyTo(destination);
        newest[.._task.ActionLength].CopyTo(destination[kept..]);
    }
}
