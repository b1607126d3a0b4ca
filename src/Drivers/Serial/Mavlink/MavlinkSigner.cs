using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>MAVLink 2 message signing: makes signatures for one link and refuses unsigned, forged, repeated and old frames.</summary>
/// <remarks>Signature = link (1) | timestamp (6, units of 10 us since 2015-01-01) | first 6 bytes of
/// SHA-256(key | frame without signature | link | timestamp). 48 bits: a forger needs 2^48 tries on the wire, not on a desk.
/// Source: mavlink.io, "Message Signing". The rule for old frames: each (system, component, link) must grow, and a stream never heard
/// before may be at most one minute behind. One thread; does not allocate.</remarks>
public sealed class MavlinkSigner
{
    private const int KeyBytes = 32;
    private const long MinuteTicks = 6_000_000; // 60 s in units of 10 us
    private const int MaxStreams = 16; // MAVLink's own C implementation also keeps 16
    private readonly byte[] _work = new byte[KeyBytes + MavlinkScanner.MaxFrame];
    private readonly byte _linkId;
    private readonly (int Stream, long Timestamp)[] _streams = new (int, long)[MaxStreams];
    private int _streamCount;

    /// <summary>A signer with a secret of 32 bytes for <paramref name="linkId"/>; the first frame carries <paramref name="timestamp"/>
    /// (10 us since 2015-01-01, 48 bits), which must never be lower than in an earlier run with the same key.</summary>
    public MavlinkSigner(ReadOnlySpan<byte> key, byte linkId, long timestamp)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes);
        key.CopyTo(_work);
        _linkId = linkId;
        Timestamp = timestamp;
    }

    /// <summary>Timestamp of the next frame we sign; grows with every frame and with every accepted one that is ahead.</summary>
    public long Timestamp { get; set; }

    /// <summary>Frames refused, for any reason.</summary>
    public long Refused { get; private set; }

    /// <summary>Writes the 13 bytes that follow <paramref name="frame"/> (magic to check sum).</summary>
    public void Sign(ReadOnlySpan<byte> frame, Span<byte> signature)
    {
        signature[0] = _linkId;
        WriteTimestamp(signature[1..], Timestamp++);
        Digest(frame, signature[..7], signature[7..13]);
    }

    /// <summary>True where <paramref name="frame"/> carries a valid, new signature of this key.</summary>
    public bool Accept(in MavlinkFrame frame)
    {
        bool good = frame.IsSigned && IsGenuine(frame.Bytes) && IsNew(frame);
        if (!good)
            Refused++;
        return good;
    }

    private bool IsGenuine(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> signature = bytes[^MavlinkScanner.SignatureBytes..];
        Span<byte> expected = stackalloc byte[6];
        Digest(bytes[..^MavlinkScanner.SignatureBytes], signature[..7], expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature[7..]);
    }

    private bool IsNew(in MavlinkFrame frame)
    {
        ReadOnlySpan<byte> signature = frame.Bytes[^MavlinkScanner.SignatureBytes..];
        long timestamp = ReadTimestamp(signature[1..]);
        int stream = (frame.SystemId << 16) | (frame.ComponentId << 8) | signature[0];
        int slot = SlotOf(stream);
        if (slot < 0)
        {
            if (_streamCount == MaxStreams || timestamp + MinuteTicks < Timestamp)
                return false;
            slot = _streamCount++;
        }
        else if (timestamp <= _streams[slot].Timestamp)
        {
            return false;
        }
        _streams[slot] = (stream, timestamp);
        Timestamp = Math.Max(Timestamp, timestamp + 1);
        return true;
    }

    private int SlotOf(int stream)
    {
        for (int i = 0; i < _streamCount; i++)
        {
            if (_streams[i].Stream == stream)
                return i;
        }
        return -1;
    }

    private void Digest(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> linkAndTime, Span<byte> first6)
    {
        frame.CopyTo(_work.AsSpan(KeyBytes));
        linkAndTime.CopyTo(_work.AsSpan(KeyBytes + frame.Length));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_work.AsSpan(0, KeyBytes + frame.Length + linkAndTime.Length), hash);
        hash[..6].CopyTo(first6);
    }

    private static void WriteTimestamp(Span<byte> six, long value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(six, (uint)value);
        BinaryPrimitives.WriteUInt16LittleEndian(six[4..], (ushort)(value >> 32));
    }

    private static long ReadTimestamp(ReadOnlySpan<byte> six) =>
        BinaryPrimitives.ReadUInt32LittleEndian(six) | ((long)BinaryPrimitives.ReadUInt16LittleEndian(six[4..]) << 32);
}
