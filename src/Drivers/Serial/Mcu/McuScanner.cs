using System.Buffers.Binary;

namespace Robotics.Drivers.Serial.Mcu;

/// <summary>Finds R1 frames. A zero byte is always a boundary, so a damaged frame costs itself and at most the next.</summary>
public sealed class McuScanner : FrameScanner
{
    private readonly byte[] _body = new byte[McuFrame.MaxBody];

    /// <summary>A scanner with nothing buffered.</summary>
    public McuScanner()
        : base(McuFrame.MaxWire) { }

    /// <summary>The next checked frame; its payload holds until the next call.</summary>
    public bool TryNext(out McuFrame frame)
    {
        if (!TryNext(out ReadOnlySpan<byte> wire) || !Cobs.TryDecode(wire[..^1], _body, out int length))
        {
            frame = default;
            return false;
        }
        frame = new McuFrame(_body.AsSpan(0, length));
        return true;
    }

    /// <inheritdoc/>
    protected override int Examine(ReadOnlySpan<byte> window)
    {
        int end = window[..Math.Min(window.Length, McuFrame.MaxWire)].IndexOf((byte)0);
        if (end < 0)
            return window.Length >= McuFrame.MaxWire ? -McuFrame.MaxWire : 0;
        if (!Cobs.TryDecode(window[..end], _body, out int length) || length < McuFrame.Header + 4 || _body[0] != McuFrame.Version)
            return -(end + 1);
        if (BinaryPrimitives.ReadUInt32LittleEndian(_body.AsSpan(length - 4)) == McuFrame.Crc(_body.AsSpan(0, length - 4)))
            return end + 1;
        CheckFailures++;
        return -(end + 1);
    }
}
