using System.Buffers.Binary;

namespace Robotics.Transport;

/// <summary>Reads the fields of a frame's body; running out of bytes is remembered, never thrown.</summary>
public ref struct LinkReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Begins at the start of <paramref name="body"/>.</summary>
    public LinkReader(ReadOnlySpan<byte> body) => _rest = body;

    /// <summary>A field was asked for that is not there; all values read since are 0.</summary>
    public bool Failed { get; private set; }

    /// <summary>True where everything asked for was there and nothing is left over.</summary>
    public readonly bool IsWhole => !Failed && _rest.IsEmpty;

    /// <summary>Takes a byte.</summary>
    public byte U8() => Bytes(1) is [byte value] ? value : (byte)0;

    /// <summary>Takes an unsigned 16-bit field.</summary>
    public ushort U16()
    {
        ReadOnlySpan<byte> bytes = Bytes(sizeof(ushort));
        return bytes.IsEmpty ? (ushort)0 : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    /// <summary>Takes an unsigned 32-bit field.</summary>
    public uint U32()
    {
        ReadOnlySpan<byte> bytes = Bytes(sizeof(uint));
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>Takes an unsigned 64-bit field.</summary>
    public ulong U64()
    {
        ReadOnlySpan<byte> bytes = Bytes(sizeof(ulong));
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Takes a policy stamp.</summary>
    public PolicyStamp Stamp() => new(U64(), U32(), U32(), U64());

    /// <summary>Takes <paramref name="length"/> bytes; empty where there are fewer.</summary>
    public ReadOnlySpan<byte> Bytes(int length)
    {
        if (Failed || length > _rest.Length)
        {
            Failed = true;
            return default;
        }
        ReadOnlySpan<byte> bytes = _rest[..length];
        _rest = _rest[length..];
        return bytes;
    }

    /// <summary>Takes all that is left.</summary>
    public ReadOnlySpan<byte> Rest()
    {
        ReadOnlySpan<byte> rest = _rest;
        _rest = default;
        return rest;
    }
}
