namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>One checked frame. The spans hold until the next one is asked for.</summary>
public readonly ref struct MavlinkFrame
{
    internal MavlinkFrame(ReadOnlySpan<byte> bytes, Span<byte> payload)
    {
        Bytes = bytes;
        bool two = bytes[0] == MavlinkScanner.Magic2;
        Version = two ? 2 : 1;
        Sequence = bytes[two ? 4 : 2];
        SystemId = bytes[two ? 5 : 3];
        ComponentId = bytes[two ? 6 : 4];
        Id = two ? (uint)(bytes[7] | (bytes[8] << 8) | (bytes[9] << 16)) : bytes[5];
        IsSigned = two && (bytes[2] & MavlinkScanner.SignedFlag) != 0;
        int header = two ? MavlinkScanner.Header2 : MavlinkScanner.Header1;
        int length = bytes[1];
        bytes.Slice(header, length).CopyTo(payload);
        payload[length..].Clear(); // truncated trailing zeros come back, missing extensions read as zero
        Payload = payload;
    }

    /// <summary>Every byte of the frame.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>255 bytes: the payload, then zeros. Wrap it: <c>new Heartbeat(frame.Payload)</c>.</summary>
    public Span<byte> Payload { get; }

    /// <summary>Protocol version, 1 or 2.</summary>
    public int Version { get; }

    /// <summary>Message number.</summary>
    public uint Id { get; }

    /// <summary>Sender's running number.</summary>
    public byte Sequence { get; }

    /// <summary>Sending system.</summary>
    public byte SystemId { get; }

    /// <summary>Sending component.</summary>
    public byte ComponentId { get; }

    /// <summary>True where a signature follows the check sum.</summary>
    public bool IsSigned { get; }
}
