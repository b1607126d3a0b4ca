namespace Robotics.Drivers.Serial.Servos;

/// <summary>A servo frame taken apart. Holds as long as the frame and the scratch it was parsed from.</summary>
public readonly ref struct ServoPacket
{
    /// <summary>Servo that is meant or that answers.</summary>
    public byte Id { get; init; }

    /// <summary>Instruction of a request, or the error byte of a Feetech answer.</summary>
    public byte Code { get; init; }

    /// <summary>Error byte of an answer; 0 is no error.</summary>
    public byte Error { get; init; }

    /// <summary>Parameters.</summary>
    public ReadOnlySpan<byte> Data { get; init; }
}
