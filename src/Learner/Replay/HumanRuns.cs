using Robotics.Core;
using Robotics.Experience;

namespace Robotics.Learner.Replay;

/// <summary>Cuts the steps that a person drove out of one robot's stream of records and puts them into the partitions of people.</summary>
/// <remarks>
/// Takes the records of a stream in order and keeps each run of human steps with the observation that really followed its last one: the next
/// record's frame where the person handed back, the episode's final observation where it ended. A run from an episode's beginning to its end is a
/// demonstration, every other an intervention. A run that is cut by a dropped record is forgotten. Not thread-safe.
/// </remarks>
internal sealed class HumanRuns(ReplayLayout layout, ReplayPartition demonstrations, ReplayPartition? interventions)
{
    private readonly List<float> _frames = [];
    private readonly List<float> _privileged = [];
    private readonly List<float> _actions = [];
    private readonly List<byte> _images = [];
    private readonly ReplayCursor _atDemonstrations = new(), _atInterventions = new();
    private int _steps;
    private bool _fromStart;

    /// <summary>Takes the stream's next record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="episode">What the steps of its episode have in common.</param>
    /// <param name="follows">Whether it is the step right after the last one, in the same episode.</param>
    public void Add(TransitionRecord record, int episode, bool follows)
    {
        ArgumentNullException.ThrowIfNull(record);
        bool human = record.Source == ActionSource.Human;
        if (!follows)
            Forget();
        if (_steps > 0 && !human)
            Keep(record.Frame, record.Privileged, record.Images, ended: false, record, episode);
        if (!human)
            return;
        Append(record);
        if (record.HasFinal)
            Keep(record.FinalFrame, record.FinalPrivileged, record.FinalImages, ended: true, record, episode);
    }

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

    private void Keep(ReadOnlySpan<float> finalFrame, ReadOnlySpan<float> finalPrivileged, ReadOnlySpan<byte> finalImage, bool ended, TransitionRecord last, int episode)
    {
        bool shown = _fromStart && ended;
        (ReplayPartition? partition, ReplayCursor at) = shown ? (demonstrations, _atDemonstrations) : (interventions, _atInterventions);
        at.Episode = episode;
        for (int i = 0; i < _steps && partition is not null; i++)
        {
            bool isLast = i == _steps - 1;
            partition.Add(
                at,
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
