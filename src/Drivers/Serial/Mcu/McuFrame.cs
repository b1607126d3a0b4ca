using System.Buffers.Binary;
using System.Numerics;

namespace Robotics.Drivers.Serial.Mcu;

/// <summary>One checked R1 frame: <c>COBS(version type seq2 t4 payload crc4) 00</c>, little-endian, CRC-32C.</summary>
public readonly ref struct McuFrame
{
    /// <summary>Protocol version.</summary>
    public const byte Version = 1;

    /// <summary>Longest payload.</summary>
    public const int MaxPayload = 240;

    internal const int Header = 8;
    internal const int MaxBody = Header + MaxPayload + 4;
    internal const int MaxWire = MaxBody + 3;

    internal McuFrame(ReadOnlySpan<byte> body)
    {
        Type = (McuMessageType)body[1];
        Sequence = BinaryPrimitives.ReadUInt16LittleEndian(body[2..]);
        TimeUs = BinaryPrimitives.ReadUInt32LittleEndian(body[4..]);
        Payload = body[Header..^4];
    }

    /// <summary>What it is.</summary>
    public McuMessageType Type { get; }

    /// <summary>Sender's running number; wraps.</summary>
    public ushort Sequence { get; }

    /// <summary>Sender's clock, us; wraps after 71 minutes.</summary>
    public uint TimeUs { get; }

    /// <summary>Payload.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Writes a frame with its closing zero; returns its length.</summary>
    public static int Write(Span<byte> wire, McuMessageType type, ushort sequence, uint timeUs, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, MaxPayload);
        Span<byte> body = stackalloc byte[MaxBody];
        body[0] = Version;
        body[1] = (byte)type;
        BinaryPrimitives.WriteUInt16LittleEndian(body[2..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], timeUs);
        payload.CopyTo(body[Header..]);
        int checkedBytes = Header + payload.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(body[checkedBytes..], Crc(body[..checkedBytes]));
        int n = Cobs.Encode(body[..(checkedBytes + 4)], wire);
        wire[n] = 0;
        return n + 1;
    }

    /// <summary>CRC-32C (Castagnoli) with the usual inversions; the check value of "123456789" is 0xE3069283.</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
