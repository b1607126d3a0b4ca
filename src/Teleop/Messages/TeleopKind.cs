namespace Robotics.Teleop;

/// <summary>What a message between teleoperation node and agent says. Numbers are part of docs/formats/teleop.md.</summary>
public enum TeleopKind : byte
{
    /// <summary>Node: who I am and which motions I give.</summary>
    Hello = 1,

    /// <summary>Agent: come in; put this nonce into your frames.</summary>
    Grant = 2,

    /// <summary>Agent: no, and why.</summary>
    Refuse = 3,

    /// <summary>Node: what the person asks for now.</summary>
    Motion = 4,

    /// <summary>Agent: how the robot is and who commands it.</summary>
    State = 5,
}
