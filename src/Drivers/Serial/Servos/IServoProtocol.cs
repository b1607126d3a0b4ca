namespace Robotics.Drivers.Serial.Servos;

/// <summary>How a servo bus writes its frames. Methods return the number of bytes written; nothing allocates.</summary>
public interface IServoProtocol
{
    /// <summary>Registers of the servos that speak it.</summary>
    ServoRegisters Registers { get; }

    /// <summary>A scanner for both directions of the bus.</summary>
    FrameScanner CreateScanner();

    /// <summary>Asks servo <paramref name="id"/> whether it is there.</summary>
    int Ping(Span<byte> frame, byte id);

    /// <summary>Asks for <paramref name="count"/> register bytes from <paramref name="address"/>.</summary>
    int Read(Span<byte> frame, byte id, int address, int count);

    /// <summary>Writes <paramref name="data"/> from <paramref name="address"/> on.</summary>
    int Write(Span<byte> frame, byte id, int address, ReadOnlySpan<byte> data);

    /// <summary>Asks all of <paramref name="ids"/> at once; each answers in that order.</summary>
    int SyncRead(Span<byte> frame, ReadOnlySpan<byte> ids, int address, int count);

    /// <summary>Writes <paramref name="size"/> bytes to each of <paramref name="ids"/>; nobody answers.</summary>
    int SyncWrite(Span<byte> frame, ReadOnlySpan<byte> ids, int address, int size, ReadOnlySpan<byte> data);

    /// <summary>The answer of a servo to a request of the host.</summary>
    int Status(Span<byte> frame, byte id, byte error, ReadOnlySpan<byte> data);

    /// <summary>Takes a checked frame apart; its parameters stand in <paramref name="scratch"/> where stuffing had to be taken out.</summary>
    ServoPacket Parse(ReadOnlySpan<byte> frame, Span<byte> scratch);

    /// <summary>Bytes of a status answer that carries <paramref name="count"/> register bytes.</summary>
    int StatusBytes(int count);
}
