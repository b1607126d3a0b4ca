using System.Buffers.Binary;
using System.Text;

namespace Robotics.Experience;

/// <summary>Reads the primitive fields of MCAP (little endian, u32-prefixed strings) and of CDR (aligned); running out is remembered, never thrown.</summary>
internal ref struct ByteCursor(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public bool Failed { get; private set; }

    public readonly bool AtEnd => Position == _bytes.Length;

    public byte U8() => Take(1) is [byte value] ? value : (byte)0;

    public ushort U16() => Take(2) is { Length: 2 } b ? BinaryPrimitives.ReadUInt16LittleEndian(b) : (ushort)0;

    public uint U32() => Take(4) is { Length: 4 } b ? BinaryPrimitives.ReadUInt32LittleEndian(b) : 0;

    public ulong U64() => Take(8) is { Length: 8 } b ? BinaryPrimitives.ReadUInt64LittleEndian(b) : 0;

    public ReadOnlySpan<byte> Prefixed() => Take(U32());

    public string Text() => Encoding.UTF8.GetString(Prefixed());

    public uint CdrU32()
    {
        Align(4);
        return U32();
    }

    public ulong CdrU64()
    {
        Align(8);
        return U64();
    }

    // A sequence whose values are as many as the destination has; anything else fails.
    public void CdrValues(Span<byte> destination, int valueSize)
    {
        if (CdrU32() * (ulong)valueSize != (ulong)destination.Length)
            Failed = true;
        Take((ulong)destination.Length).CopyTo(destination);
    }

    public ReadOnlySpan<byte> Rest() => Take((ulong)(_bytes.Length - Position));

    public ReadOnlySpan<byte> Take(ulong length)
    {
        if (Failed || length > (ulong)(_bytes.Length - Position))
        {
            Failed = true;
            return default;
        }
        Position += (int)length;
        return _bytes.Slice(Position - (int)length, (int)length);
    }

    private void Align(int size) => Take((ulong)((size - (Position % size)) % size));
}
