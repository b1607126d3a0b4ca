using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Robotics.Experience;

/// <summary>A growing run of bytes with the primitive fields of MCAP (little endian, u32-prefixed strings) and of CDR (aligned).</summary>
internal sealed class McapBuffer
{
    private byte[] _bytes = new byte[1 << 16];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Where CDR alignment counts from.</summary>
    public int Origin { get; set; }

    public void Clear() => Length = 0;

    public void U8(byte value) => Take(1)[0] = value;

    public void U16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    public void U32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    public void Text(string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        U32((uint)length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    public void Align(int size)
    {
        while ((Length - Origin) % size != 0)
            U8(0);
    }

    public void CdrU32(uint value)
    {
        Align(4);
        U32(value);
    }

    public void CdrU64(ulong value)
    {
        Align(8);
        U64(value);
    }

    public void CdrFloats(ReadOnlySpan<float> values)
    {
        CdrU32((uint)values.Length);
        Bytes(MemoryMarshal.AsBytes(values));
    }

    public void CdrBytes(ReadOnlySpan<byte> values)
    {
        CdrU32((uint)values.Length);
        Bytes(values);
    }

    private Span<byte> Take(int length)
    {
        if (Length + length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + length));
        Length += length;
        return _bytes.AsSpan(Length - length, length);
    }
}
