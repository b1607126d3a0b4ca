using Robotics.Policies;

namespace Robotics.Runtime.Agent;

/// <summary>How an agent brings policies to control.</summary>
public sealed record DeliveryOptions
{
    /// <summary>The gate in force. The default is that of a simulated robot.</summary>
    public GateKind Gate { get; init; } = GateKind.Training;

    /// <summary>Bound of <see cref="PolicyAge.BehindNs"/>; 0 for none.</summary>
    public long MaxAgeNs { get; init; }

    /// <summary>What the installed policy saw lately, for gate `deployed`; null compares no actions.</summary>
    public RecentObservations? Recent { get; init; }

    /// <summary>Where lines for people go: each refusal, rollback, and an age beyond its bound; null for nowhere.</summary>
    public Action<string>? Log { get; init; }
}
