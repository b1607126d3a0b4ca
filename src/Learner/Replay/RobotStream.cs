using Robotics.Experience;

namespace Robotics.Learner.Replay;

/// <summary>How far the replay has come with the records of one robot, whose boots come one after the other.</summary>
internal sealed class RobotStream(HumanRuns? human)
{
    private TransitionIdentity _last;
    private ulong _episode;

    /// <summary>Its place in the online partition; its episode number is that of the partitions of people, too.</summary>
    public ReplayCursor Online { get; } = new();

    /// <summary>Its steps under a person's hand; null where they are not kept apart.</summary>
    public HumanRuns? Human => human;

    /// <summary>Takes note of the robot's next record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="episodes">Episodes of all robots so far; one more where this one begins.</param>
    /// <returns>Whether it is the step right after the last one, in the same episode.</returns>
    public bool Take(TransitionRecord record, ref int episodes)
    {
        bool isSame = record.Identity.Boot == _last.Boot && record.Episode == _episode && record.Step > 0 && Online.Episode > 0;
        bool follows = isSame && record.Identity == _last with { Sequence = _last.Sequence + 1 };
        if (!isSame)
            Online.Episode = ++episodes;
        (_last, _episode) = (record.Identity, record.Episode);
        return follows;
    }
}
