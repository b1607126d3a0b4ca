namespace Robotics.Drivers.Serial.Mcu;

/// <summary>What the firmware does with its outputs.</summary>
public enum McuState : byte
{
    /// <summary>Outputs at their safe values.</summary>
    Disarmed,

    /// <summary>Outputs follow commands.</summary>
    Armed,

    /// <summary>The last command expired: its declared safe action runs until it is disarmed.</summary>
    Fallback,

    /// <summary>Emergency stop.</summary>
    Latched,
}
