namespace Robotics.Safety;

/// <summary>What must be true before the robot may be armed, one bit each. A refusal names the bits that failed.</summary>
[Flags]
public enum ArmingChecks : uint
{
    /// <summary>Nothing is missing.</summary>
    None = 0,

    /// <summary>Every command channel has finite limits and every state channel a maximum age (checked by the supervisor).</summary>
    Limits = 1u << 0,

    /// <summary>The baseline controller passed its validation (checked by the supervisor).</summary>
    Baseline = 1u << 1,

    /// <summary>The last sample is complete, fresh and finite (checked by the supervisor).</summary>
    Sample = 1u << 2,

    /// <summary>No latch, no emergency stop held down, no cause in force (checked by the supervisor).</summary>
    Clear = 1u << 3,

    /// <summary>The request is a fresh press: the switch was seen open since the last attempt (checked by the supervisor).</summary>
    FreshRequest = 1u << 4,

    /// <summary>A verified policy is installed.</summary>
    Policy = 1u << 5,

    /// <summary>The calibration in use is the one robot.yaml was signed off with, by its hash.</summary>
    Calibration = 1u << 6,

    /// <summary>The device's own command timeout was read back and is no longer than robot.yaml declares.</summary>
    DeviceTimeout = 1u << 7,

    /// <summary>Type, firmware and dialect of the device are those robot.yaml declares.</summary>
    DeviceIdentity = 1u << 8,

    /// <summary>The monotonic clock advances and the machine's wall clock is plausible.</summary>
    Clock = 1u << 9,

    /// <summary>Enough disk is free for the recording.</summary>
    Disk = 1u << 10,

    /// <summary>The record path lost nothing since the last arming.</summary>
    Recorder = 1u << 11,

    /// <summary>The watching thread runs.</summary>
    Watchdog = 1u << 12,

    /// <summary>The learner is connected.</summary>
    Learner = 1u << 13,

    /// <summary>For devices without a command timeout: a second process stands by that limps the robot within 100 ms (R16).</summary>
    LimpProcess = 1u << 14,
}
