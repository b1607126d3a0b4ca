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

    /// <summary>The episode is done, well.</summary>
    Success = 5,

    /// <summary>The episode is done, badly.</summary>
    Failure = 6,

    /// <summary>The episode is cut and should not count: it will be recorded again.</summary>
    Rerecord = 7,

    /// <summary>The episode is cut; the robot waits for <see cref="Reset"/> or <see cref="Confirm"/>.</summary>
    Terminate = 8,

    /// <summary>Cut the episode where one runs and bring the robot to where the next one starts.</summary>
    Reset = 9,

    /// <summary>The scene is ready: the next episode may start.</summary>
    Confirm = 10,

    /// <summary>Ask for the boot identity and the state; over UDP control answers (<see cref="OperatorReply"/>). Changes nothing.</summary>
    Hello = 11,
}
