namespace Robotics.Learner;

/// <summary>What an endpoint has seen. Read by the thread that polls it.</summary>
public sealed class LearnerCounters
{
    /// <summary>Transitions taken in, each once.</summary>
    public long Ingested { get; internal set; }

    /// <summary>Transitions that came again and were dropped: harmless.</summary>
    public long Repeated { get; internal set; }

    /// <summary>Frames that were not one (length, mark, checksum, kind, body).</summary>
    public long BadFrames { get; internal set; }

    /// <summary>Records inside good frames that were not valid.</summary>
    public long BadRecords { get; internal set; }

    /// <summary>Data frames that came before what they follow.</summary>
    public long Gaps { get; internal set; }

    /// <summary>Hellos refused because of the protocol version.</summary>
    public long RefusedVersion { get; internal set; }

    /// <summary>Hellos refused because the robot is not known or the key is another's.</summary>
    public long RefusedRobot { get; internal set; }

    /// <summary>Hellos refused because of the schema.</summary>
    public long RefusedSchema { get; internal set; }

    /// <summary>Hellos refused because of a quota or the number of sessions.</summary>
    public long RefusedQuota { get; internal set; }

    /// <summary>Hellos and records refused because the store could not take them.</summary>
    public long RefusedStore { get; internal set; }

    /// <summary>Policies published.</summary>
    public long Published { get; internal set; }

    /// <summary>Words of edges about policies they refused or gave up.</summary>
    public long PolicyReports { get; internal set; }

    /// <summary>Pieces of policies sent.</summary>
    public long Chunks { get; internal set; }
}
