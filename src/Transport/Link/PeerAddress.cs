using System.Buffers.Binary;

namespace Robotics.Transport;

/// <summary>Where a learner answers: the routing identity of one connection, at most 16 bytes, kept by value.</summary>
public readonly record struct PeerAddress
{
    /// <summary>Longest identity accepted. libzmq's own have 5 bytes; a foreign peer may choose its own.</summary>
    public const int MaxLength = 16;

    private readonly ulong _low, _high;

    private PeerAddress(ulong low, ulong high, int length)
    {
        _low = low;
        _high = high;
        Length = length;
    }

    /// <summary>Bytes of the identity.</summary>
    public int Length { get; }

    /// <summary>Reads an identity; false where it is too long or empty.</summary>
    public static bool TryRead(ReadOnlySpan<byte> identity, out PeerAddress address)
    {
        address = default;
        if (identity.Length is 0 or > MaxLength)
            return false;
        Span<byte> padded = stackalloc byte[MaxLength];
        padded.Clear();
        identity.CopyTo(padded);
        address = new PeerAddress(BinaryPrimitives.ReadUInt64LittleEndian(padded), BinaryPrimitives.ReadUInt64LittleEndian(padded[8..]), identity.Length);
        return true;
    }

    /// <summary>Writes the identity into <paramref name="buffer"/> of at least <see cref="MaxLength"/> bytes and returns its part.</summary>
    public ReadOnlySpan<byte> Write(Span<byte> buffer)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(buffer, _low);
        BinaryPrimitives.WriteUInt64LittleEndian(buffer[8..], _high);
        return buffer[..Length];
    }

    /// <summary>For people: the bytes in hexadecimal.</summary>
    public override string ToString()
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        return Convert.ToHexStringLower(Write(buffer));
    }
}
