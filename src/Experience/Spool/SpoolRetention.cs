namespace Robotics.Experience;

/// <summary>What a spool does when its limit of bytes is reached.</summary>
public enum SpoolRetention
{
    /// <summary>Keeps everything and takes nothing more: arming is refused until somebody makes room.</summary>
    KeepAll = 0,

    /// <summary>Deletes the oldest segments that the learner has acknowledged as persisted; where there are none, as <see cref="KeepAll"/>.</summary>
    DropAcknowledged = 1,
}
