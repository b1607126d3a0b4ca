using Robotics.Core;

namespace Robotics.Runtime.Composition;

/// <summary>How a control loop flies.</summary>
public sealed record FlightOptions
{
    /// <summary>Leaves records in the ring.</summary>
    public bool Record { get; init; } = true;

    /// <summary>Adds the exploration noise that the policy's bundle asks for.</summary>
    public bool Explore { get; init; } = true;

    /// <summary>One flight that starts at rest at the target and goes on: no time limit, and the task's box does not end it.</summary>
    public bool FlyOn { get; init; }

    /// <summary>Outside sources of proposals in their order; the first that proposes in time is filtered.</summary>
    public IReadOnlyList<IProposalSource> Outside { get; init; } = [];
}
