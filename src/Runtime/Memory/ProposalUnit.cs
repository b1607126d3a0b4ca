namespace Robotics.Runtime.Memory;

/// <summary>What the values of an outside proposal mean. Numbers are part of docs/formats/shared-memory.md.</summary>
public enum ProposalUnit : byte
{
    /// <summary>Set-points, one per command channel, in the actuator's own unit.</summary>
    Actuator = 0,

    /// <summary>The task's action, normalised to [-1, 1]; control maps it to set-points as it maps a policy's action.</summary>
    Action = 1,

    /// <summary>Motions of a person as the robot's steering file names them, each in [-1, 1]; control turns them into set-points anew in every tick.</summary>
    Motion = 2,
}
