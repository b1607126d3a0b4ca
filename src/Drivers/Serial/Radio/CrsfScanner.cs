namespace Robotics.Drivers.Serial.Radio;

/// <summary>Finds CRSF frames: <c>address length type payload crc8</c>, at most 64 bytes. Source: tbs-fpv/tbs-crsf-spec.</summary>
public sealed class CrsfScanner : FrameScanner
{
    private const int MinLength = 2; // type and crc
    private const int MaxLength = 62;

    /// <summary>A scanner with nothing buffered.</summary>
    public CrsfScanner()
        : base(64) { }

    /// <inheritdoc/>
    protected override int Examine(ReadOnlySpan<byte> window)
    {
        // Sync byte of a receiver to its flight controller; a handset module says 0xEE.
        if (window[0] is not (0xC8 or 0xEE))
        {
            int next = window.IndexOfAny((byte)0xC8, (byte)0xEE);
            return next < 0 ? -window.Length : -next;
        }
        if (window.Length < 2)
            return 0;
        int length = window[1];
        if (length is < MinLength or > MaxLength)
            return -1;
        if (window.Length < 2 + length)
            return 0;
        if (Crc8.Of(window.Slice(2, length - 1)) == window[1 + length])
            return 2 + length;
        CheckFailures++;
        return -1;
    }
}
