namespace Robotics.Drivers.Serial.Servos;

/// <summary>Finds Feetech frames in either direction.</summary>
public sealed class FeetechScanner : FrameScanner
{
    /// <summary>A scanner with nothing buffered.</summary>
    public FeetechScanner()
        : base(256) { }

    /// <inheritdoc/>
    protected override int Examine(ReadOnlySpan<byte> window)
    {
        if (window[0] != FeetechProtocol.Mark)
        {
            int next = window.IndexOf(FeetechProtocol.Mark);
            return next < 0 ? -window.Length : -next;
        }
        if (window.Length < 4)
            return 0;
        // Id 0xFF does not exist: three marks in a row are a late start. A length below 2 has no room for code and sum.
        if (window[1] != FeetechProtocol.Mark || window[2] == FeetechProtocol.Mark || window[3] < 2)
            return -1;
        int total = 4 + window[3];
        if (window.Length < total)
            return 0;
        if (FeetechProtocol.Sum(window[2..(total - 1)]) == window[total - 1])
            return total;
        CheckFailures++;
        return -1;
    }
}
