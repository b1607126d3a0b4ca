namespace Robotics.Safety;

/// <summary>Whether the robot may move. The only ways: Disarmed to Armed, Armed to Disarmed or Latched, Latched to Disarmed.</summary>
public enum ArmingState : byte
{
    /// <summary>Actuators are without power; nothing a source proposes reaches them.</summary>
    Disarmed,

    /// <summary>Proposals are filtered and sent.</summary>
    Armed,

    /// <summary>A safety action holds until a person disarms; arming again is a separate act.</summary>
    Latched,
}
