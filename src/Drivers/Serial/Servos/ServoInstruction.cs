namespace Robotics.Drivers.Serial.Servos;

/// <summary>Instruction byte of a servo frame; Feetech and Dynamixel 2.0 agree on these numbers.</summary>
public enum ServoInstruction : byte
{
    /// <summary>An answer (Dynamixel 0x55; Feetech answers carry an error byte in its place).</summary>
    Status = 0x55,

    /// <summary>Are you there.</summary>
    Ping = 1,

    /// <summary>Read registers.</summary>
    Read = 2,

    /// <summary>Write registers.</summary>
    Write = 3,

    /// <summary>Read the same registers of several servos.</summary>
    SyncRead = 0x82,

    /// <summary>Write the same registers of several servos.</summary>
    SyncWrite = 0x83,
}
