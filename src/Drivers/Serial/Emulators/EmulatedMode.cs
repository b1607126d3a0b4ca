namespace Robotics.Drivers.Serial.Emulators;

/// <summary>Flight mode of the emulated autopilot, whatever its firmware calls it.</summary>
public enum EmulatedMode
{
    /// <summary>A pilot flies; without one it stands still.</summary>
    Manual,

    /// <summary>Holds where it is.</summary>
    Hold,

    /// <summary>Follows set-points from outside (OFFBOARD, GUIDED).</summary>
    External,

    /// <summary>Climbs to its take-off height inside <see cref="External"/> of ArduPilot.</summary>
    Takeoff,

    /// <summary>Descends and disarms.</summary>
    Land,
}
