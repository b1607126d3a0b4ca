namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>How far the identification and configuration of an autopilot has come.</summary>
public enum VehicleStage
{
    /// <summary>No heartbeat of the declared system yet.</summary>
    Searching,

    /// <summary>Heard; its version and parameter encoding are being asked.</summary>
    Identifying,

    /// <summary>Safety parameters are being read, written and read back.</summary>
    Configuring,

    /// <summary>Telemetry rates are being asked.</summary>
    RequestingTelemetry,

    /// <summary>Waiting for attitude and position to arrive.</summary>
    AwaitingState,

    /// <summary>Identified, configured, read back and heard: it may be armed.</summary>
    Ready,

    /// <summary>It must not be armed; the diagnosis says why.</summary>
    Refused,
}
