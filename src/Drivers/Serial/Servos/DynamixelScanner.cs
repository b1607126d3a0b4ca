namespace Robotics.Drivers.Serial.Servos;

/// <summary>Finds Dynamixel 2.0 frames in either direction.</summary>
public sealed class DynamixelScanner : FrameScanner
{
    private const int MaxLength = 250; // six servos fit well; the protocol's 65 535 would let one damaged length stall the bus

    /// <summary>A scanner with nothing buffered.</summary>
    public DynamixelScanner()
        : base(MaxLength + DynamixelProtocol.HeaderBytes) { }

    /// <inheritdoc/>
    protected override int Examine(ReadOnlySpan<byte> window)
    {
        ReadOnlySpan<byte> mark = [0xFF, 0xFF, 0xFD, 0x00];
        if (window[0] != 0xFF)
        {
            int next = window.IndexOf((byte)0xFF);
            return next < 0 ? -window.Length : -next;
        }
        int have = Math.Min(window.Length, mark.Length);
        if (!window[..have].SequenceEqual(mark[..have]))
            return -1;
        if (window.Length < DynamixelProtocol.HeaderBytes)
            return 0;
        int length = window[5] | (window[6] << 8);
        if (length is < 3 or > MaxLength)
            return -1;
        int total = DynamixelProtocol.HeaderBytes + length;
        if (window.Length < total)
            return 0;
        ushort crc = (ushort)(window[total - 2] | (window[total - 1] << 8));
        if (DynamixelProtocol.Crc(window[..(total - 2)]) == crc)
            return total;
        CheckFailures++;
        return -1;
    }
}
