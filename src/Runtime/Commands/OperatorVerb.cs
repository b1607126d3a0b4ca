namespace Robotics.Runtime.Commands;

/// <summary>What an operator can tell the control process, whatever else is dead. Numbers are part of docs/formats/operator-command.md.</summary>
public enum OperatorVerb : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Stop now and latch. Accepted from anyone who can reach the socket, also replayed: stopping is always safe.</summary>
    EmergencyStop = 1,

    /// <summary>Arm, where every check is green.</summary>
    Arm = 2,

    /// <summary>Disarm.</summary>
    Disarm = 3,

    /// <summary>Acknowledge a latched stop; the robot stays disarmed.</summary>
    Acknowledge = 4,
}
