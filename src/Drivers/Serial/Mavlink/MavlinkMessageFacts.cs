namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>What is needed to check a message without knowing its fields.</summary>
/// <param name="Id">Message number.</param>
/// <param name="CrcExtra">Seed of the check sum: two sides with different layouts of a message cannot understand each other by accident.</param>
/// <param name="BaseLength">Payload bytes without extensions: the length of a MAVLink 1 frame.</param>
/// <param name="Length">Payload bytes with extensions.</param>
public readonly record struct MavlinkMessageFacts(uint Id, byte CrcExtra, int BaseLength, int Length);
