using Robotics.Experience;
using Robotics.Tasks;

namespace Robotics.Runtime.Agent;

/// <summary>The observations a robot's policy saw last, rebuilt from its records: on what a new policy's actions are compared with those in force.</summary>
/// <remarks>Agent thread. A record holds the frame; the history of executed actions is rebuilt as the control loop built it, from the episode's
/// first step on, so an episode joined in its middle gives nothing.</remarks>
public sealed class RecentObservations
{
    /// <summary>Observations kept: 2.5 s at 100 Hz, enough to tell a gain from noise and quick to run twice.</summary>
    public const int Capacity = 256;

    private readonly RobotTask _task;
    private readonly TransitionRecord _record;
    private readonly ActionHistory _history;
    private readonly float[] _values;
    private int _next;
    private ulong _episode;
    private uint _step;
    private bool _isFollowing;

    /// <summary>None yet, for <paramref name="task"/> and its records' <paramref name="schema"/>.</summary>
    public RecentObservations(RobotTask task, TransitionSchema schema)
    {
        _task = task ?? throw new ArgumentNullException(nameof(task));
        _record = new TransitionRecord(schema);
        _history = new ActionHistory(task);
        _values = new float[Capacity * task.ObservationLength];
    }

    /// <summary>Observations at hand, at most <see cref="Capacity"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Takes the observation of <paramref name="record"/> in; records come in their order.</summary>
    public void Add(ReadOnlySpan<byte> record)
    {
        if (TransitionCodec.TryDecode(record, _record, out _) != DecodeStatus.Ok)
            return;
        bool follows = _isFollowing && _record.Episode == _episode && _record.Step == _step + 1;
        if (_record.Step == 0)
            _history.Reset();
        _isFollowing = follows || _record.Step == 0;
        (_episode, _step) = (_record.Episode, _record.Step);
        if (!_isFollowing)
            return;
        int width = _task.ObservationLength;
        _task.BuildObservation(_record.Frame, _history, _values.AsSpan(_next * width, width));
        _history.Push(_record.Executed);
        _next = (_next + 1) % Capacity;
        Count = Math.Min(Count + 1, Capacity);
    }

    /// <summary>All of them, oldest first, [count, observation]. Allocates.</summary>
    public float[] InOrder()
    {
        int width = _task.ObservationLength;
        int oldest = Count < Capacity ? 0 : _next;
        return [.. _values.AsSpan(oldest * width, (Count - oldest) * width), .. _values.AsSpan(0, oldest * width)];
    }
}
