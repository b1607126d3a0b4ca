using Robotics.Experience;

namespace Robotics.Learner;

/// <summary>Who may speak to a learner, and how far.</summary>
public sealed record LearnerEndpointOptions
{
    /// <summary>Identity of the training run.</summary>
    public ulong Run { get; init; }

    /// <summary>Grows with each restart from a checkpoint.</summary>
    public uint Epoch { get; init; }

    /// <summary>Told where a robot's hello makes a later epoch begin: what was published is to be published anew under it. Null tells nobody.</summary>
    public Action<uint>? EpochBegun { get; init; }

    /// <summary>Schema that records must have; null takes any (each stream keeps its own).</summary>
    public TransitionSchema? Schema { get; init; }

    /// <summary>Robots that may speak; null for any that the transport lets in.</summary>
    public IReadOnlySet<ulong>? Robots { get; init; }

    /// <summary>Steps by which a lockstep edge may be ahead of what was ingested; 0 for no limit (real time).</summary>
    public uint GrantLeadSteps { get; init; }

    /// <summary>Most bytes the store keeps of one robot; 0 for no limit. At the limit a hello is refused with the reason.</summary>
    public long MaxBytesPerRobot { get; init; }

    /// <summary>Most sessions at a time. Default 256: far beyond one learner's robots, small enough to be no burden.</summary>
    public int MaxSessions { get; init; } = 256;

    /// <summary>A peer silent for this long is forgotten, ns; it says hello again when it comes back. Default 30 s.</summary>
    public long SilenceNs { get; init; } = 30_000_000_000;

    /// <summary>Where lines for people go (refusals, bad frames); null for nowhere.</summary>
    public Action<string>? Log { get; init; }
}
