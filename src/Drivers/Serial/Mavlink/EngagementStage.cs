namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>How far the autopilot has been brought under our set-points.</summary>
public enum EngagementStage
{
    /// <summary>Not ours: disarmed, or flown by somebody else.</summary>
    Idle,

    /// <summary>Set-points flow so that the firmware accepts the mode.</summary>
    Streaming,

    /// <summary>OFFBOARD or GUIDED was asked.</summary>
    RequestingMode,

    /// <summary>Arming was asked.</summary>
    Arming,

    /// <summary>The firmware climbs to its take-off height.</summary>
    TakingOff,

    /// <summary>Our set-points fly.</summary>
    Active,

    /// <summary>Power was cut; waiting for the heartbeat to say disarmed.</summary>
    Releasing,

    /// <summary>The firmware refused, or a pilot took over: nothing more until power was cut and asked anew.</summary>
    Refused,
}
