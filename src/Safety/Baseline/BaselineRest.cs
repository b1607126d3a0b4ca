namespace Robotics.Safety;

/// <summary>How far a stop of the baseline has come.</summary>
public enum BaselineRest : byte
{
    /// <summary>The robot still moves, or nobody stops it.</summary>
    Moving,

    /// <summary>It rests, for as long as somebody holds it there: a hover, an arm under torque.</summary>
    Held,

    /// <summary>It rests without power: on the ground, torque gone, every actuator at its safe value.</summary>
    Unpowered,
}
