namespace Robotics.Drivers.Serial.Mcu;

/// <summary>Type byte of an R1 frame. From 0x80 on: from the microcontroller. docs/formats/mcu-frame.md.</summary>
public enum McuMessageType : byte
{
    /// <summary>Who are you; answered by <see cref="Info"/>.</summary>
    Hello = 0x01,

    /// <summary>Set-points with their own validity.</summary>
    Command = 0x02,

    /// <summary>Wants to arm; answered by <see cref="Challenge"/>.</summary>
    ArmRequest = 0x03,

    /// <summary>The answer to a challenge.</summary>
    ArmConfirm = 0x04,

    /// <summary>Outputs to their safe values.</summary>
    Disarm = 0x05,

    /// <summary>As disarm, and latched.</summary>
    EmergencyStop = 0x06,

    /// <summary>Ends the latch; nothing moves.</summary>
    Clear = 0x07,

    /// <summary>Channels, safe action, limit hash.</summary>
    Info = 0x81,

    /// <summary>State, age of the last command, outputs and measurements.</summary>
    State = 0x82,

    /// <summary>A number to be answered.</summary>
    Challenge = 0x83,

    /// <summary>Type that was refused and why.</summary>
    Refusal = 0x84,
}
