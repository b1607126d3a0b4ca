namespace Robotics.Drivers.Serial.Radio;

/// <summary>The 16 packed channels of a CRSF frame of type 0x16: 11 bits each, lowest bit first.</summary>
public static class CrsfChannels
{
    /// <summary>Type byte of a channels frame.</summary>
    public const byte Type = 0x16;

    /// <summary>Number of channels.</summary>
    public const int Count = 16;

    /// <summary>Bytes of a whole frame.</summary>
    public const int FrameBytes = 26;

    private const int PayloadBytes = 22;
    private const int Middle = 992; // 1500 us; 172 is 988 us, 1811 is 2012 us

    /// <summary>Channel values in microseconds of <paramref name="frame"/>; false where it is another frame.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, Span<float> microseconds)
    {
        if (frame.Length != FrameBytes || frame[2] != Type)
            return false;
        ReadOnlySpan<byte> payload = frame.Slice(3, PayloadBytes);
        for (int i = 0; i < Count; i++)
        {
            int bit = i * 11;
            int word = payload[bit / 8] | (payload[(bit / 8) + 1] << 8) | ((bit / 8) + 2 < PayloadBytes ? payload[(bit / 8) + 2] << 16 : 0);
            microseconds[i] = ((((word >> (bit % 8)) & 0x7FF) - Middle) * 5f / 8) + 1500;
        }
        return true;
    }

    /// <summary>Writes a channels frame.</summary>
    public static int Write(Span<byte> frame, ReadOnlySpan<float> microseconds)
    {
        frame[..FrameBytes].Clear();
        frame[0] = 0xC8;
        frame[1] = PayloadBytes + 2;
        frame[2] = Type;
        Span<byte> payload = frame.Slice(3, PayloadBytes);
        for (int i = 0; i < Count; i++)
        {
            int value = Math.Clamp((int)MathF.Round(((microseconds[i] - 1500) * 8 / 5) + Middle), 0, 0x7FF);
            for (int bit = 0; bit < 11; bit++)
                payload[((i * 11) + bit) / 8] |= (byte)(((value >> bit) & 1) << (((i * 11) + bit) % 8));
        }
        frame[FrameBytes - 1] = Crc8.Of(frame[2..(FrameBytes - 1)]);
        return FrameBytes;
    }
}
