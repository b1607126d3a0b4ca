namespace Robotics.Drivers.Serial.Msp;

/// <summary>A checked MSP frame taken apart, and how one is written.</summary>
public readonly ref struct MspFrame
{
    /// <summary>Takes <paramref name="frame"/>, which a scanner checked, apart.</summary>
    public MspFrame(ReadOnlySpan<byte> frame)
    {
        bool two = frame[1] == (byte)'X';
        Direction = (char)frame[2];
        Command = two ? (ushort)(frame[4] | (frame[5] << 8)) : frame[4];
        Payload = two ? frame[8..^1] : frame[5..^1];
    }

    /// <summary>'&lt;' to the flight controller, '&gt;' from it, '!' an error answer.</summary>
    public char Direction { get; }

    /// <summary>Command number.</summary>
    public ushort Command { get; }

    /// <summary>Payload.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Writes a version 1 frame: xor over size, command and payload.</summary>
    public static int Write1(Span<byte> frame, char direction, byte command, ReadOnlySpan<byte> payload)
    {
        frame[0] = (byte)'$';
        frame[1] = (byte)'M';
        frame[2] = (byte)direction;
        frame[3] = (byte)payload.Length;
        frame[4] = command;
        payload.CopyTo(frame[5..]);
        byte sum = 0;
        foreach (byte b in frame.Slice(3, 2 + payload.Length))
            sum ^= b;
        frame[5 + payload.Length] = sum;
        return 6 + payload.Length;
    }

    /// <summary>Writes a version 2 frame: CRC-8/DVB-S2 over flag to payload.</summary>
    public static int Write2(Span<byte> frame, char direction, ushort command, ReadOnlySpan<byte> payload)
    {
        frame[0] = (byte)'$';
        frame[1] = (byte)'X';
        frame[2] = (byte)direction;
        frame[3] = 0;
        frame[4] = (byte)command;
        frame[5] = (byte)(command >> 8);
        frame[6] = (byte)payload.Length;
        frame[7] = (byte)(payload.Length >> 8);
        payload.CopyTo(frame[8..]);
        frame[8 + payload.Length] = Crc8.Of(frame.Slice(3, 5 + payload.Length));
        return 9 + payload.Length;
    }
}
