using Robotics.Core;
using Robotics.Experience;

namespace Robotics.Learner.Replay;

/// <summary>Cuts the steps that a person drove out of a stream of records and puts them into the partitions of people.</summary>
/// <remarks>
/// Takes the records of a stream in order and keeps each run of human steps with the observation that really followed its last one: the next
/// record's frame where the person handed back, the episode's final observation where it ended. A run from an episode's beginning to its end is a
/// demonstration, every other an intervention. A run that is cut by a dropped record is forgotten, and so is every run of an episode that a person
/// asked to record again. Not thread-safe.
/// </remarks>
internal sealed class HumanRuns(ReplayLayout layout, ReplayPartition demonstrations, ReplayPartition? interventions)
{
    private readonly List<float> _frames = [];
    private readonly List<float> _privileged = [];
    private readonly List<float> _actions = [];
    private readonly List<byte> _images = [];
    private TransitionIdentity _last;
    private ulong _episode;
    private int _steps;
    private int _kept; // slots that this episode has taken, all in one partition: a demonstration is the only run of its episode
    private ReplayPartition? _keptIn;
    private bool _fromStart;

    /// <summary>Takes the next record of a stream.</summary>
    public void Add(TransitionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        bool human = record.Source == ActionSource.Human;
        if (_steps > 0 && !Follows(record))
            Forget();
        if (record.Step == 0 || record.Episode != _episode || record.Identity.Boot != _last.Boot)
            _kept = 0;
        if (_steps > 0 && !human)
            Keep(record.Frame, record.Privileged, record.Images, ended: false, record);
        if (human)
        {
            Append(record);
            if (record.HasFinal)
                Keep(record.FinalFrame, record.FinalPrivileged, record.FinalImages, ended: true, record);
        }
        if ((record.Flags & TransitionFlags.Discarded) != 0)
            _keptIn?.ForgetNewest(_kept);
        (_last, _episode) = (record.Identity, record.Episode);
    }

    private bool Follows(TransitionRecord record) =>
        record.Identity == _last with { Sequence = _last.Sequence + 1 } && record.Episode == _episode && record.Step > 0;

    private void Append(TransitionRecord record)
    {
        if (_steps == 0)
            _fromStart = record.Step == 0;
        _frames.AddRange(record.Frame);
        _privileged.AddRange(record.Privileged);
        _actions.AddRange(record.Executed);
        _images.AddRange(record.Images[..layout.ImageLength]);
        _steps++;
    }

    private void Keep(ReadOnlySpan<float> finalFrame, ReadOnlySpan<float> finalPrivileged, ReadOnlySpan<byte> finalImage, bool ended, TransitionRecord last)
    {
        ReplayPartition? partition = _fromStart && ended ? demonstrations : interventions;
        for (int i = 0; i < _steps && partition is not null; i++)
        {
            bool isLast = i == _steps - 1;
            partition.Add(
                new EnvironmentStep
                {
                    Frame = Row(_frames, i, layout.FrameLength),
                    Privileged = Row(_privileged, i, layout.PrivilegedLength),
                    Action = Row(_actions, i, layout.ActionLength),
                    Image = Row(_images, i, layout.ImageLength),
                    EpisodeStep = i,
                    Terminated = isLast && ended && last.Terminated,
                    Succeeded = (last.Flags & TransitionFlags.Succeeded) != 0,
                    Truncated = isLast && !(ended && last.Terminated), // handed back or cut by time: what follows has a value
                    FinalFrame = finalFrame,
                    FinalPrivileged = finalPrivileged,
                    FinalImage = finalImage[..layout.ImageLength],
                }
            );
        }
        if (partition is not null)
            (_kept, _keptIn) = (_kept + _steps + 1, partition); // the observation after the last one has a slot of its own
        Forget();
    }

    private void Forget()
    {
        _frames.Clear();
        _privileged.Clear();
        _actions.Clear();
        _images.Clear();
        _steps = 0;
    }

    private static ReadOnlySpan<T> Row<T>(List<T> values, int index, int length) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values).Slice(index * length, length);
}
