namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>What the autopilot's loops are given: decides the command channels.</summary>
public enum VehicleSetpoint
{
    /// <summary>Body rates and collective thrust.</summary>
    Rates,

    /// <summary>Orientation and collective thrust.</summary>
    Attitude,

    /// <summary>World velocity and yaw rate.</summary>
    Velocity,

    /// <summary>World position and yaw.</summary>
    Position,
}
