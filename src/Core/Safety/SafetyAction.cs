namespace Robotics.Core;

/// <summary>What the supervisor does with a proposal. Totally ordered: actions further down take precedence.</summary>
/// <remarks>The order of PX4's failsafe framework, with names that fit any robot; see docs/safety.md.</remarks>
public enum SafetyAction : byte
{
    /// <summary>The proposal passes untouched.</summary>
    Nominal = 0,

    /// <summary>The proposal passes; a condition is reported.</summary>
    Warn = 1,

    /// <summary>The proposal passes after it was clamped to a limit.</summary>
    Clamp = 2,

    /// <summary>The baseline controller holds the robot (hover, hold position).</summary>
    Baseline = 3,

    /// <summary>Brake and come to rest: hover then land, or decelerate and hold.</summary>
    ControlledStop = 4,

    /// <summary>Torque ramps away: descend, or limp.</summary>
    SoftLimp = 5,

    /// <summary>Power off.</summary>
    PowerCut = 6,
}
