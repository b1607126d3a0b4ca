namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>Which firmware answers. Values are MAV_AUTOPILOT of the MAVLink common dialect.</summary>
public enum AutopilotKind : byte
{
    /// <summary>ArduPilot (MAV_AUTOPILOT_ARDUPILOTMEGA).</summary>
    ArduPilot = 3,

    /// <summary>Not an autopilot (MAV_AUTOPILOT_INVALID): a camera, a ground station, or nobody heard yet.</summary>
    None = 8,

    /// <summary>PX4 (MAV_AUTOPILOT_PX4).</summary>
    Px4 = 12,
}
