namespace Robotics.Drivers.Serial.Servos;

/// <summary>Dynamixel Protocol 2.0: <c>FF FF FD 00 id length code parameters crc</c>, byte stuffing after FF FF FD.</summary>
/// <remarks>CRC-16/BUYPASS (polynomial 0x8005, initial 0, not reflected) over everything before it. Source: ROBOTIS e-Manual.</remarks>
public sealed class DynamixelProtocol : IServoProtocol
{
    internal const int HeaderBytes = 7;
    private const byte Broadcast = 0xFE;
    private static readonly ushort[] s_table = BuildTable();

    /// <inheritdoc/>
    public ServoRegisters Registers { get; } =
        new()
        {
            Family = "Dynamixel X",
            Model = 0,
            Models = [1020, 1060, 1190, 1200], // XM430-W350, XL430-W250, XL330-M077, XL330-M288
            TorqueEnable = 64,
            Goal = 116,
            GoalBytes = 4,
            TorqueLimit = 100, // goal PWM
            TorqueFull = 885,
            Watchdog = 98,
            Block = 126,
            BlockBytes = 21, // load 126, velocity 128, position 132, ... temperature 146
            Offsets = (6, 2, 0, 20),
            VelocityUnit = 0.229 * 2 * Math.PI / 60, // 0.229 rpm
            IsSignMagnitude = false,
        };

    /// <inheritdoc/>
    public FrameScanner CreateScanner() => new DynamixelScanner();

    /// <inheritdoc/>
    public int StatusBytes(int count) => HeaderBytes + 2 + count + 2;

    /// <inheritdoc/>
    public int Ping(Span<byte> frame, byte id) => Close(frame, id, (byte)ServoInstruction.Ping, 0);

    /// <inheritdoc/>
    public int Read(Span<byte> frame, byte id, int address, int count)
    {
        Span<byte> p = frame[8..];
        WriteWord(p, address);
        WriteWord(p[2..], count);
        return Close(frame, id, (byte)ServoInstruction.Read, 4);
    }

    /// <inheritdoc/>
    public int Write(Span<byte> frame, byte id, int address, ReadOnlySpan<byte> data)
    {
        WriteWord(frame[8..], address);
        data.CopyTo(frame[10..]);
        return Close(frame, id, (byte)ServoInstruction.Write, 2 + data.Length);
    }

    /// <inheritdoc/>
    public int SyncRead(Span<byte> frame, ReadOnlySpan<byte> ids, int address, int count)
    {
        WriteWord(frame[8..], address);
        WriteWord(frame[10..], count);
        ids.CopyTo(frame[12..]);
        return Close(frame, Broadcast, (byte)ServoInstruction.SyncRead, 4 + ids.Length);
    }

    /// <inheritdoc/>
    public int SyncWrite(Span<byte> frame, ReadOnlySpan<byte> ids, int address, int size, ReadOnlySpan<byte> data)
    {
        WriteWord(frame[8..], address);
        WriteWord(frame[10..], size);
        for (int i = 0; i < ids.Length; i++)
        {
            frame[12 + (i * (size + 1))] = ids[i];
            data.Slice(i * size, size).CopyTo(frame[(13 + (i * (size + 1)))..]);
        }
        return Close(frame, Broadcast, (byte)ServoInstruction.SyncWrite, 4 + (ids.Length * (size + 1)));
    }

    /// <inheritdoc/>
    public int Status(Span<byte> frame, byte id, byte error, ReadOnlySpan<byte> data)
    {
        frame[8] = error;
        data.CopyTo(frame[9..]);
        return Close(frame, id, (byte)ServoInstruction.Status, 1 + data.Length);
    }

    /// <inheritdoc/>
    public ServoPacket Parse(ReadOnlySpan<byte> frame, Span<byte> scratch)
    {
        int n = Unstuff(frame[HeaderBytes..^2], scratch);
        bool status = scratch[0] == (byte)ServoInstruction.Status && n >= 2;
        return new ServoPacket { Id = frame[4], Code = scratch[0], Error = status ? scratch[1] : (byte)0, Data = scratch[(status ? 2 : 1)..n] };
    }

    internal static ushort Crc(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0;
        foreach (byte b in bytes)
            crc = (ushort)((crc << 8) ^ s_table[(byte)((crc >> 8) ^ b)]);
        return crc;
    }

    // Code and parameters stand from index 7 on, unstuffed; the room behind them takes the stuffing.
    private static int Close(Span<byte> frame, byte id, byte code, int parameters)
    {
        ReadOnlySpan<byte> header = [0xFF, 0xFF, 0xFD, 0x00, id];
        header.CopyTo(frame);
        frame[7] = code;
        int body = Stuff(frame[HeaderBytes..], 1 + parameters);
        WriteWord(frame[5..], body + 2);
        int end = HeaderBytes + body;
        WriteWord(frame[end..], Crc(frame[..end]));
        return end + 2;
    }

    private static int Stuff(Span<byte> body, int length)
    {
        for (int i = 2; i < length; i++)
        {
            if (body[i] != 0xFD || body[i - 1] != 0xFF || body[i - 2] != 0xFF)
                continue;
            body[(i + 1)..length].CopyTo(body[(i + 2)..]);
            body[i + 1] = 0xFD;
            length++;
            i++;
        }
        return length;
    }

    private static int Unstuff(ReadOnlySpan<byte> body, Span<byte> plain)
    {
        int n = 0;
        for (int i = 0; i < body.Length; i++)
        {
            plain[n++] = body[i];
            if (body[i] == 0xFD && i >= 2 && body[i - 1] == 0xFF && body[i - 2] == 0xFF && i + 1 < body.Length && body[i + 1] == 0xFD)
                i++;
        }
        return n;
    }

    private static void WriteWord(Span<byte> target, int value)
    {
        target[0] = (byte)value;
        target[1] = (byte)(value >> 8);
    }

    private static ushort[] BuildTable()
    {
        var table = new ushort[256];
        for (int i = 0; i < table.Length; i++)
        {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x8005 : crc << 1;
            table[i] = (ushort)crc;
        }
        return table;
    }
}
