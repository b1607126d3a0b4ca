using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Robotics.Safety;

/// <summary>The dead man's switch of a person who moves the robot: motion is allowed only while authenticated renewals keep arriving.</summary>
/// <remarks>
/// <para>A renewal is 24 bytes: sequence (u64, little endian) and the first 16 bytes of HMAC-SHA-256(key, sequence). The sequence must
/// grow, so a recorded renewal never extends the lease (R13). 128 bits of code: a forger needs 2^127 tries on the wire.</para>
/// <para>One thread; allocates nothing after construction. The lease counts on the receiver's clock.</para>
/// </remarks>
public sealed class HoldToRunLease
{
    /// <summary>Bytes of a renewal.</summary>
    public const int RenewalBytes = 24;

    private const int SequenceBytes = 8;
    private readonly byte[] _key;
    private readonly long _durationNs;
    private ulong _lastSequence;
    private long _expiresNs = long.MinValue;

    /// <summary>A lease that holds <paramref name="durationNs"/> per renewal (R13: 100 ms). <paramref name="key"/> is shared with the sender.</summary>
    public HoldToRunLease(ReadOnlySpan<byte> key, long durationNs = 100_000_000)
    {
        _key = key.ToArray();
        _durationNs = durationNs;
    }

    /// <summary>Renewals refused: wrong length, forged, repeated.</summary>
    public long Refused { get; private set; }

    /// <summary>True where motion is allowed at <paramref name="nowNs"/>.</summary>
    public bool IsHeld(long nowNs) => nowNs <= _expiresNs;

    /// <summary>Extends the lease where <paramref name="renewal"/> is genuine and new.</summary>
    public bool TryRenew(ReadOnlySpan<byte> renewal, long nowNs)
    {
        bool good = renewal.Length == RenewalBytes && IsGenuine(renewal) && BinaryPrimitives.ReadUInt64LittleEndian(renewal) > _lastSequence;
        if (!good)
        {
            Refused++;
            return false;
        }
        _lastSequence = BinaryPrimitives.ReadUInt64LittleEndian(renewal);
        _expiresNs = nowNs + _durationNs;
        return true;
    }

    /// <summary>Gives the lease up at once: the switch was released.</summary>
    public void Release() => _expiresNs = long.MinValue;

    /// <summary>Writes renewal number <paramref name="sequence"/> (from 1) under <paramref name="key"/>.</summary>
    public static void Write(ulong sequence, ReadOnlySpan<byte> key, Span<byte> renewal)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(renewal, sequence);
        Span<byte> code = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, renewal[..SequenceBytes], code);
        code[..(RenewalBytes - SequenceBytes)].CopyTo(renewal[SequenceBytes..]);
    }

    private bool IsGenuine(ReadOnlySpan<byte> renewal)
    {
        Span<byte> code = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, renewal[..SequenceBytes], code);
        return CryptographicOperations.FixedTimeEquals(code[..(RenewalBytes - SequenceBytes)], renewal[SequenceBytes..]);
    }
}
