namespace Robotics.Drivers.Serial.Emulators;

/// <summary>What an emulated autopilot's loops follow.</summary>
internal enum EmulatedTarget
{
    Rates,
    Attitude,
    Velocity,
    Position,
}
