namespace Robotics.Drivers.Serial.Servos;

/// <summary>Feetech STS (SMS/STS) bus: <c>FF FF id length code parameters ~sum</c>, half duplex, little-endian.</summary>
public sealed class FeetechProtocol : IServoProtocol
{
    internal const byte Mark = 0xFF;
    internal const byte Broadcast = 0xFE;
    private const int Overhead = 6; // FF FF id length code sum

    /// <inheritdoc/>
    public ServoRegisters Registers { get; } =
        new()
        {
            Family = "Feetech STS3215",
            Model = 3,
            Models = [777],
            TorqueEnable = 40,
            Goal = 42,
            GoalBytes = 2,
            TorqueLimit = 48,
            TorqueFull = 1000,
            Watchdog = -1,
            Block = 56,
            BlockBytes = 15, // position, velocity, load, voltage, temperature, ... current
            Offsets = (0, 2, 4, 7),
            VelocityUnit = 2 * Math.PI / ServoRegisters.StepsPerTurn,
            IsSignMagnitude = true,
        };

    /// <inheritdoc/>
    public FrameScanner CreateScanner() => new FeetechScanner();

    /// <inheritdoc/>
    public int StatusBytes(int count) => Overhead + count;

    /// <inheritdoc/>
    public int Ping(Span<byte> frame, byte id) => Close(frame, id, (byte)ServoInstruction.Ping, 0);

    /// <inheritdoc/>
    public int Read(Span<byte> frame, byte id, int address, int count)
    {
        frame[5] = (byte)address;
        frame[6] = (byte)count;
        return Close(frame, id, (byte)ServoInstruction.Read, 2);
    }

    /// <inheritdoc/>
    public int Write(Span<byte> frame, byte id, int address, ReadOnlySpan<byte> data)
    {
        frame[5] = (byte)address;
        data.CopyTo(frame[6..]);
        return Close(frame, id, (byte)ServoInstruction.Write, 1 + data.Length);
    }

    /// <inheritdoc/>
    public int SyncRead(Span<byte> frame, ReadOnlySpan<byte> ids, int address, int count)
    {
        frame[5] = (byte)address;
        frame[6] = (byte)count;
        ids.CopyTo(frame[7..]);
        return Close(frame, Broadcast, (byte)ServoInstruction.SyncRead, 2 + ids.Length);
    }

    /// <inheritdoc/>
    public int SyncWrite(Span<byte> frame, ReadOnlySpan<byte> ids, int address, int size, ReadOnlySpan<byte> data)
    {
        frame[5] = (byte)address;
        frame[6] = (byte)size;
        for (int i = 0; i < ids.Length; i++)
        {
            frame[7 + (i * (size + 1))] = ids[i];
            data.Slice(i * size, size).CopyTo(frame[(8 + (i * (size + 1)))..]);
        }
        return Close(frame, Broadcast, (byte)ServoInstruction.SyncWrite, 2 + (ids.Length * (size + 1)));
    }

    /// <inheritdoc/>
    public int Status(Span<byte> frame, byte id, byte error, ReadOnlySpan<byte> data)
    {
        data.CopyTo(frame[5..]);
        return Close(frame, id, error, data.Length);
    }

    /// <inheritdoc/>
    public ServoPacket Parse(ReadOnlySpan<byte> frame, Span<byte> scratch) =>
        new() { Id = frame[2], Code = frame[4], Error = frame[4], Data = frame[5..^1] };

    internal static byte Sum(ReadOnlySpan<byte> idToLast)
    {
        int sum = 0;
        foreach (byte b in idToLast)
            sum += b;
        return (byte)~sum;
    }

    private static int Close(Span<byte> frame, byte id, byte code, int parameters)
    {
        frame[0] = Mark;
        frame[1] = Mark;
        frame[2] = id;
        frame[3] = (byte)(parameters + 2);
        frame[4] = code;
        int end = 5 + parameters;
        frame[end] = Sum(frame[2..end]);
        return end + 1;
    }
}
