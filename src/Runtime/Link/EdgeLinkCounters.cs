namespace Robotics.Runtime;

/// <summary>What the link has done since it was made. Read by the thread that pumps it.</summary>
public sealed class EdgeLinkCounters
{
    /// <summary>Records sent, repeated ones included.</summary>
    public long RecordsSent { get; internal set; }

    /// <summary>Bytes of data frames sent.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>Times sending started again from an earlier record.</summary>
    public long Rewinds { get; internal set; }

    /// <summary>Hellos sent.</summary>
    public long Hellos { get; internal set; }

    /// <summary>Sessions opened.</summary>
    public long Welcomes { get; internal set; }

    /// <summary>Times the learner fell silent.</summary>
    public long Silences { get; internal set; }

    /// <summary>Times the learner said no.</summary>
    public long Refusals { get; internal set; }

    /// <summary>Frames from the learner that could not be used.</summary>
    public long BadFrames { get; internal set; }

    /// <summary>Policy bundles received whole.</summary>
    public long Policies { get; internal set; }

    /// <summary>Policy downloads given up: a newer one came, or the bytes did not fit their hash.</summary>
    public long PoliciesAbandoned { get; internal set; }

    /// <summary>Round trip of the last heartbeat, ns; 0 before the first.</summary>
    public long RoundTripNs { get; internal set; }
}
