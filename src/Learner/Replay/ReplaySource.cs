namespace Robotics.Learner.Replay;

/// <summary>The partitions of a replay.</summary>
public enum ReplaySource
{
    /// <summary>Every step of the run, whoever acted.</summary>
    Online,

    /// <summary>Episodes that a person drove from beginning to end, in the run or before it.</summary>
    Demonstration,

    /// <summary>Every other run of steps that a person drove: take-overs, until the hand-back or the episode's end.</summary>
    Intervention,
}
