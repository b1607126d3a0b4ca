using Robotics.Experience;

namespace Robotics.Runtime.Agent;

/// <summary>Where an agent keeps things and for whom it speaks.</summary>
public sealed record AgentOptions
{
    /// <summary>Identity of the robot.</summary>
    public required ulong Robot { get; init; }

    /// <summary>Boot of the control loop where it is known from the start (lockstep); 0 to learn it from the first record.</summary>
    public ulong Boot { get; init; }

    /// <summary>Shape of the records.</summary>
    public required TransitionSchema Schema { get; init; }

    /// <summary>Folder of the spool.</summary>
    public required string SpoolFolder { get; init; }

    /// <summary>File of the supervisor's transitions; null to leave them in the ring (lockstep, where nobody flies).</summary>
    public string? SafetyLog { get; init; }

    /// <summary>Segments, bounds and the fsync interval.</summary>
    public required SpoolOptions Spool { get; init; }

    /// <summary>Adapts the last verified policy while the learner is out of reach; null for no learning on the edge.</summary>
    public OnEdgeLearner? OnEdge { get; init; }

    /// <summary>Looks twice a second whether a command changed the policy store; off in lockstep, where a run is to repeat.</summary>
    public bool FollowsStore { get; init; }

    /// <summary>Where a live MCAP recording goes; null for none.</summary>
    public string? RecordingFolder { get; init; }

    /// <summary>Times and limits of the link.</summary>
    public EdgeLinkOptions Link { get; init; } = new();
}
