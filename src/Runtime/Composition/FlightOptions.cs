using Robotics.Core;

namespace Robotics.Runtime.Composition;

/// <summary>How a control loop flies.</summary>
public sealed record FlightOptions
{
    /// <summary>Leaves records in the ring.</summary>
    public bool Record { get; init; } = true;

    /// <summary>Adds the exploration noise that the policy's bundle asks for.</summary>
    public bool Explore { get; init; } = true;

    /// <summary>New policies are laid out on a thread of their own instead of between two policy periods: for every loop that keeps real time.</summary>
    public bool LoadsBeside { get; init; }

    /// <summary>One flight that starts at rest at the target and goes on: no time limit, and the task's box does not end it.</summary>
    public bool FlyOn { get; init; }

    /// <summary>Puts something between the loop and the robot's driver: faults of a driver that simulated ones cannot have. Null for nothing.</summary>
    public Func<IRobotDriver, IRobotDriver>? Between { get; init; }

    /// <summary>Sources of proposals inside the control process (simulated people, tests), asked before the mailboxes of a person and of an
    /// outside policy; the first that proposes in time is filtered.</summary>
    public IReadOnlyList<IProposalSource> Outside { get; init; } = [];
}
