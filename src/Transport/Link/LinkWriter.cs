using System.Buffers.Binary;

namespace Robotics.Transport;

/// <summary>Writes one frame of the link into a buffer, field by field; allocates nothing.</summary>
public ref struct LinkWriter
{
    private readonly Span<byte> _buffer;
    private int _length;

    /// <summary>Begins a frame of <paramref name="kind"/> in <paramref name="buffer"/>, which must be long enough for it: a short one is our own mistake and throws.</summary>
    public LinkWriter(Span<byte> buffer, LinkKind kind, uint session)
    {
        _buffer = buffer;
        LinkFrame.Magic.CopyTo(buffer);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer[4..], LinkLimits.ProtocolVersion);
        buffer[6] = (byte)kind;
        buffer[7] = 0;
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[8..], session);
        _length = LinkFrame.HeaderLength;
    }

    /// <summary>Adds a byte.</summary>
    public void U8(byte value) => _buffer[_length++] = value;

    /// <summary>Adds an unsigned 16-bit field.</summary>
    public void U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer[_length..], value);
        _length += sizeof(ushort);
    }

    /// <summary>Adds an unsigned 32-bit field.</summary>
    public void U32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer[_length..], value);
        _length += sizeof(uint);
    }

    /// <summary>Adds an unsigned 64-bit field.</summary>
    public void U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer[_length..], value);
        _length += sizeof(ulong);
    }

    /// <summary>Adds bytes as they are.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_buffer[_length..]);
        _length += value.Length;
    }

    /// <summary>Adds a policy stamp.</summary>
    public void Stamp(in PolicyStamp stamp)
    {
        U64(stamp.Run);
        U32(stamp.Epoch);
        U32(stamp.Counter);
        U64(stamp.ContentHash);
    }

    /// <summary>Adds bytes that lie in the buffer already.</summary>
    public void InPlace(int length) => _length += length;

    /// <summary>Closes the frame.</summary>
    /// <returns>The whole frame, ready to send.</returns>
    public readonly ReadOnlySpan<byte> Finish()
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer[12..], (uint)(_length - LinkFrame.HeaderLength));
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer[_length..], LinkFrame.Checksum(LinkFrame.Covered(_buffer[.._length])));
        return _buffer[..(_length + LinkFrame.ChecksumLength)];
    }
}
