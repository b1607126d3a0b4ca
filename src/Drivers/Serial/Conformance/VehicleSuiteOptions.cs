using Robotics.Drivers.Serial.Mavlink;

namespace Robotics.Drivers.Serial.Conformance;

/// <summary>What a conformance flight is flown with. Defaults suit a quadrotor of 0.5-3 kg over free ground of 30 m radius.</summary>
public sealed record VehicleSuiteOptions
{
    /// <summary>Firmware that must answer.</summary>
    public required AutopilotKind Autopilot { get; init; }

    /// <summary>MAVLink system id.</summary>
    public byte TargetSystem { get; init; } = 1;

    /// <summary>Set-point timeout written to the firmware, s.</summary>
    public double SetpointTimeoutS { get; init; } = 0.5;

    /// <summary>Flight height, m.</summary>
    public double HeightM { get; init; } = 5;

    /// <summary>Speed of the square, m/s.</summary>
    public double SpeedMS { get; init; } = 2;

    /// <summary>Collective thrust that about hovers, 0..1: MPC_THR_HOVER, MOT_THST_HOVER.</summary>
    public double HoverThrust { get; init; } = 0.5;

    /// <summary>Radius of our fence, m.</summary>
    public double FenceM { get; init; } = 20;

    /// <summary>Radius of the firmware's fence, m, behind ours.</summary>
    public double FirmwareFenceM { get; init; } = 30;
}
