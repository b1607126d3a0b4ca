namespace Robotics.Core;

/// <summary>Every condition that can make the supervisor act, one bit each, as it is stored with every transition.</summary>
/// <remarks>Bit numbers are part of docs/formats/transition.md: append, never renumber.</remarks>
[Flags]
public enum SafetyCauses : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A required state channel is older than its limit.</summary>
    StaleSample = 1u << 0,

    /// <summary>A sample field is NaN or infinite.</summary>
    NonFiniteSample = 1u << 1,

    /// <summary>The driver reports a fault.</summary>
    DriverFault = 1u << 2,

    /// <summary>The proposal holds a NaN or an infinity, or is absurdly large.</summary>
    NonFiniteProposal = 1u << 3,

    /// <summary>The proposal has the wrong length, or none arrived.</summary>
    MissingProposal = 1u << 4,

    /// <summary>The proposal exceeded the static envelope and was clamped.</summary>
    Envelope = 1u << 5,

    /// <summary>Rate or jerk of the proposal exceeded its limit and was clamped.</summary>
    Rate = 1u << 6,

    /// <summary>Tilt over its limit, or about to be.</summary>
    Tilt = 1u << 7,

    /// <summary>Outside the cage, or unable to brake before it.</summary>
    Cage = 1u << 8,

    /// <summary>The emergency stop is latched.</summary>
    EmergencyStop = 1u << 9,

    /// <summary>The robot is not armed.</summary>
    Disarmed = 1u << 10,

    /// <summary>No verified policy is installed.</summary>
    NoPolicy = 1u << 11,

    /// <summary>An exception or an internal inconsistency inside the tick.</summary>
    InternalFault = 1u << 12,

    /// <summary>Too many of the last ticks came late.</summary>
    Overrun = 1u << 13,

    /// <summary>Too large a share of recent commands had to be clamped.</summary>
    ClampShare = 1u << 14,

    /// <summary>A sensor that must carry noise repeats itself.</summary>
    StuckSensor = 1u << 15,

    /// <summary>Sample times ran backwards or into the future.</summary>
    SampleTime = 1u << 16,

    /// <summary>A dead-man lease ran out.</summary>
    LeaseExpired = 1u << 17,

    /// <summary>The baseline controller failed or is not ready.</summary>
    BaselineFault = 1u << 18,

    /// <summary>The record path lost or would lose experience (ring or disk full): refuses the next arming.</summary>
    RecorderFull = 1u << 19,

    /// <summary>The device's own command timeout or fingerprint is not what robot.yaml declares.</summary>
    DeviceMismatch = 1u << 20,

    /// <summary>A proposal arrived after its deadline.</summary>
    LateProposal = 1u << 21,

    /// <summary>The watching thread saw the loop stand still.</summary>
    Watchdog = 1u << 22,

    /// <summary>Speed or angular speed over its limit.</summary>
    Speed = 1u << 23,

    /// <summary>The control process was told to end: the robot comes to rest first.</summary>
    Shutdown = 1u << 24,
}
