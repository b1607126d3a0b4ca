using Robotics.Core;
using Robotics.Experience;

namespace Robotics.Learner.Replay;

/// <summary>The steps that a person drove, as a replay memory of their own.</summary>
/// <remarks>
/// Takes the records of a stream in order and keeps each run of human steps with the observation that really followed its last one: the next
/// record's frame where the person handed back, the episode's final observation where it ended. A run that is cut by a dropped
/// record is forgotten. Tasks without action history only. Not thread-safe.
/// </remarks>
public sealed class HumanMemory : IDisposable
{
    private readonly ReplayLayout _layout;
    private readonly bool _wholeEpisodes;
    private readonly List<float> _frames = [];
    private readonly List<float> _privileged = [];
    private readonly List<float> _actions = [];
    private TransitionIdentity _last;
    private ulong _episode;
    private int _steps;
    private bool _fromStart;

    /// <summary>A memory of <paramref name="capacity"/> slots.</summary>
    /// <param name="layout">What a step holds.</param>
    /// <param name="capacity">Slots; a run of human steps takes one more than it has steps.</param>
    /// <param name="rewards">The reward, as for the online memory.</param>
    /// <param name="wholeEpisodes">Keep only episodes that a person drove from beginning to end.</param>
    public HumanMemory(ReplayLayout layout, int capacity, IRewardModel rewards, bool wholeEpisodes)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (layout.HistoryLength > 0)
            throw new ArgumentException($"human steps are kept apart only for tasks without action history; this one has {layout.HistoryLength} steps of it", nameof(layout));
        _layout = layout;
        _wholeEpisodes = wholeEpisodes;
        Store = new ReplayStore(layout, capacity, rewards);
    }

    /// <summary>What is kept.</summary>
    public ReplayStore Store { get; }

    /// <summary>Takes the next record of a stream.</summary>
    public void Add(TransitionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        bool human = record.Source == ActionSource.Human;
        if (_steps > 0 && !Follows(record))
            Forget();
        if (_steps > 0 && !human)
            Keep(record.Frame, record.Privileged, ended: false, record);
        if (human)
        {
            Append(record);
            if (record.HasFinal)
                Keep(record.FinalFrame, record.FinalPrivileged, ended: true, record);
        }
        (_last, _episode) = (record.Identity, record.Episode);
    }

    /// <inheritdoc/>
    public void Dispose() => Store.Dispose();

    private bool Follows(TransitionRecord record) =>
        record.Identity == _last with { Sequence = _last.Sequence + 1 } && record.Episode == _episode;

    private void Append(TransitionRecord record)
    {
        if (_steps == 0)
            _fromStart = record.Step == 0;
        _frames.AddRange(record.Frame);
        _privileged.AddRange(record.Privileged);
        _actions.AddRange(record.Executed);
        _steps++;
    }

    private void Keep(ReadOnlySpan<float> finalFrame, ReadOnlySpan<float> finalPrivileged, bool ended, TransitionRecord last)
    {
        for (int i = 0; i < _steps && (!_wholeEpisodes || (_fromStart && ended)); i++)
        {
            bool isLast = i == _steps - 1;
            Store.Add(
                new EnvironmentStep
                {
                    Frame = Row(_frames, i, _layout.FrameLength),
                    Privileged = Row(_privileged, i, _layout.PrivilegedLength),
                    Action = Row(_actions, i, _layout.ActionLength),
                    EpisodeStep = i,
                    Terminated = isLast && ended && last.Terminated,
                    Succeeded = (last.Flags & TransitionFlags.Succeeded) != 0,
                    Truncated = isLast && !(ended && last.Terminated), // handed back or cut by time: what follows has a value
                    FinalFrame = finalFrame,
                    FinalPrivileged = finalPrivileged,
                }
            );
        }
        Forget();
    }

    private void Forget()
    {
        _frames.Clear();
        _privileged.Clear();
        _actions.Clear();
        _steps = 0;
    }

    private static ReadOnlySpan<float> Row(List<float> values, int index, int length) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values).Slice(index * length, length);
}
