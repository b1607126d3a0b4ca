using System.Buffers.Binary;

namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>Finds MAVLink frames, versions 1 and 2, in a stream of bytes. Layout: facts of mavlink.io, "Packet Serialization".</summary>
public sealed class MavlinkScanner : FrameScanner
{
    internal const byte Magic1 = 0xFE;
    internal const byte Magic2 = 0xFD;
    internal const byte SignedFlag = 1;
    internal const int Header1 = 6;
    internal const int Header2 = 10;
    internal const int CrcBytes = 2;
    internal const int SignatureBytes = 13;

    /// <summary>Longest frame: 10 + 255 + 2 + 13 bytes.</summary>
    public const int MaxFrame = Header2 + 255 + CrcBytes + SignatureBytes;

    private readonly byte[] _payload = new byte[255];

    /// <summary>A scanner with nothing buffered.</summary>
    public MavlinkScanner()
        : base(MaxFrame) { }

    /// <summary>Frame starts whose message is not in the table: without its CRC_EXTRA they cannot be told from noise.</summary>
    public long UnknownMessages { get; private set; }

    /// <summary>The next checked frame.</summary>
    public bool TryNext(out MavlinkFrame frame)
    {
        if (!TryNext(out ReadOnlySpan<byte> bytes))
        {
            frame = default;
            return false;
        }
        frame = new MavlinkFrame(bytes, _payload);
        return true;
    }

    /// <inheritdoc/>
    protected override int Examine(ReadOnlySpan<byte> window)
    {
        if (window[0] == Magic2)
            return Examine2(window);
        if (window[0] == Magic1)
            return Examine1(window);
        int next = window.IndexOfAny(Magic1, Magic2);
        return next < 0 ? -window.Length : -next;
    }

    private int Examine2(ReadOnlySpan<byte> window)
    {
        if (window.Length < 3)
            return 0;
        if ((window[2] & ~SignedFlag) != 0)
            return -1; // an incompatibility flag nobody has defined: the rest cannot be understood
        if (window.Length < Header2)
            return 0;
        int checkedBytes = Header2 + window[1];
        int total = checkedBytes + CrcBytes + (window[2] == SignedFlag ? SignatureBytes : 0);
        uint id = (uint)(window[7] | (window[8] << 8) | (window[9] << 16));
        return Judge(window, id, checkedBytes, total, requiredLength: -1);
    }

    private int Examine1(ReadOnlySpan<byte> window)
    {
        if (window.Length < Header1)
            return 0;
        int checkedBytes = Header1 + window[1];
        return Judge(window, window[5], checkedBytes, checkedBytes + CrcBytes, requiredLength: window[1]);
    }

    private int Judge(ReadOnlySpan<byte> window, uint id, int checkedBytes, int total, int requiredLength)
    {
        if (!MavlinkTable.TryFind(id, out MavlinkMessageFacts facts))
        {
            UnknownMessages++;
            return -1;
        }
        if (requiredLength >= 0 && requiredLength != facts.BaseLength)
            return -1; // version 1 never truncates
        if (window.Length < total)
            return 0;
        ushort expected = MavlinkCrc.Of(window[1..checkedBytes], facts.CrcExtra);
        if (BinaryPrimitives.ReadUInt16LittleEndian(window[checkedBytes..]) == expected)
            return total;
        CheckFailures++;
        return -1;
    }
}
