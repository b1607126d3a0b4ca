namespace Robotics.Drivers.Serial.Msp;

/// <summary>Finds MultiWii serial protocol frames, version 1 (<c>$M</c>) and 2 (<c>$X</c>), in either direction.</summary>
public sealed class MspScanner : FrameScanner
{
    private const int MaxPayload = 1024; // Betaflight's MSP_PORT_INBUF_SIZE is 192; telemetry answers stay below this

    /// <summary>A scanner with nothing buffered.</summary>
    public MspScanner()
        : base(MaxPayload + 9) { }

    /// <inheritdoc/>
    protected override int Examine(ReadOnlySpan<byte> window)
    {
        if (window[0] != (byte)'$')
        {
            int next = window.IndexOf((byte)'$');
            return next < 0 ? -window.Length : -next;
        }
        if (window.Length < 3)
            return 0;
        if (window[1] is not ((byte)'M' or (byte)'X') || window[2] is not ((byte)'<' or (byte)'>' or (byte)'!'))
            return -1;
        return window[1] == (byte)'M' ? Examine1(window) : Examine2(window);
    }

    private int Examine1(ReadOnlySpan<byte> window)
    {
        if (window.Length < 4 || window.Length < 6 + window[3])
            return 0;
        byte sum = 0;
        foreach (byte b in window.Slice(3, 2 + window[3]))
            sum ^= b;
        return Judge(sum == window[5 + window[3]], 6 + window[3]);
    }

    private int Examine2(ReadOnlySpan<byte> window)
    {
        if (window.Length < 8)
            return 0;
        int size = window[6] | (window[7] << 8);
        if (size > MaxPayload)
            return -1;
        if (window.Length < 9 + size)
            return 0;
        return Judge(Crc8.Of(window.Slice(3, 5 + size)) == window[8 + size], 9 + size);
    }

    private int Judge(bool good, int total)
    {
        if (good)
            return total;
        CheckFailures++;
        return -1;
    }
}
