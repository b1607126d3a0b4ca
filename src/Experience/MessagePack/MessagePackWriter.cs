using System.Buffers.Binary;

namespace Robotics.Experience;

/// <summary>Writes MessagePack (github.com/msgpack/msgpack/blob/master/spec.md) into a given buffer, each value in its shortest form. Allocates nothing.</summary>
/// <remarks>Method names as in MessagePack-CSharp. Running out of room is remembered in <see cref="Failed"/>, never thrown.</remarks>
public ref struct MessagePackWriter
{
    private readonly Span<byte> _buffer;

    /// <summary>Begins at the start of <paramref name="buffer"/>.</summary>
    public MessagePackWriter(Span<byte> buffer) => _buffer = buffer;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>The buffer was too short: what was written is not whole.</summary>
    public bool Failed { get; private set; }

    /// <summary>What was written.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    /// <summary>Writes nil.</summary>
    public void WriteNil() => Byte(0xC0);

    /// <summary>Writes a truth value.</summary>
    public void Write(bool value) => Byte(value ? (byte)0xC3 : (byte)0xC2);

    /// <summary>Writes an unsigned integer.</summary>
    public void Write(ulong value)
    {
        if (value < 0x80)
            Byte((byte)value);
        else
            Sized(value, 0xCC, 0xCD, 0xCE, 0xCF);
    }

    /// <summary>Writes a signed integer.</summary>
    public void Write(long value)
    {
        if (value >= 0)
        {
            Write((ulong)value);
            return;
        }
        if (value >= -32)
            Byte((byte)value);
        else if (value >= sbyte.MinValue)
            Head(0xD0, (byte)value, 1);
        else if (value >= short.MinValue)
            Head(0xD1, (ushort)value, 2);
        else if (value >= int.MinValue)
            Head(0xD2, (uint)value, 4);
        else
            Head(0xD3, (ulong)value, 8);
    }

    /// <summary>Writes a single-precision number.</summary>
    public void Write(float value) => Head(0xCA, BitConverter.SingleToUInt32Bits(value), 4);

    /// <summary>Writes a double-precision number.</summary>
    public void Write(double value) => Head(0xCB, BitConverter.DoubleToUInt64Bits(value), 8);

    /// <summary>Writes bytes (bin).</summary>
    public void Write(scoped ReadOnlySpan<byte> value)
    {
        Sized((ulong)value.Length, 0xC4, 0xC5, 0xC6, 0xC6);
        Raw(value);
    }

    /// <summary>Writes text, given as UTF-8.</summary>
    public void WriteString(scoped ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length < 32)
            Byte((byte)(0xA0 | utf8.Length));
        else
            Sized((ulong)utf8.Length, 0xD9, 0xDA, 0xDB, 0xDB);
        Raw(utf8);
    }

    /// <summary>Begins an array of <paramref name="count"/> values, which follow.</summary>
    public void WriteArrayHeader(int count) => Container(count, 0x90, 0xDC, 0xDD);

    /// <summary>Begins a map of <paramref name="count"/> pairs, key before value, which follow.</summary>
    public void WriteMapHeader(int count) => Container(count, 0x80, 0xDE, 0xDF);

    private void Container(int count, byte small, byte two, byte four)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count < 16)
            Byte((byte)(small | count));
        else if (count <= ushort.MaxValue)
            Head(two, (ulong)count, 2);
        else
            Head(four, (ulong)count, 4);
    }

    private void Sized(ulong value, byte one, byte two, byte four, byte eight)
    {
        if (value <= byte.MaxValue)
            Head(one, value, 1);
        else if (value <= ushort.MaxValue)
            Head(two, value, 2);
        else if (value <= uint.MaxValue)
            Head(four, value, 4);
        else
            Head(eight, value, 8);
    }

    private void Byte(byte value)
    {
        if (Take(1, out Span<byte> bytes))
            bytes[0] = value;
    }

    private void Head(byte type, ulong value, int size)
    {
        if (!Take(1 + size, out Span<byte> bytes))
            return;
        Span<byte> all = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(all, value);
        bytes[0] = type;
        all[(sizeof(ulong) - size)..].CopyTo(bytes[1..]);
    }

    private void Raw(scoped ReadOnlySpan<byte> value)
    {
        if (Take(value.Length, out Span<byte> bytes))
            value.CopyTo(bytes);
    }

    private bool Take(int length, out Span<byte> bytes)
    {
        Failed |= length > _buffer.Length - Length;
        bytes = Failed ? default : _buffer.Slice(Length, length);
        Length += bytes.Length;
        return !Failed;
    }
}
