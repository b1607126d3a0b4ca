using System.Buffers.Binary;
using System.Text;

namespace Robotics.Teleop;

/// <summary>Writes the fields of one message, little endian; a buffer that is too short is our own mistake and throws.</summary>
internal ref struct TeleopWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public void U8(byte value) => _buffer[Length++] = value;

    public void U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer[Length..], value);
        Length += sizeof(ushort);
    }

    public void U32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer[Length..], value);
        Length += sizeof(uint);
    }

    public void U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer[Length..], value);
        Length += sizeof(ulong);
    }

    public void F32(float value) => U32(BitConverter.SingleToUInt32Bits(value));

    public void Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_buffer[Length..]);
        Length += value.Length;
    }

    /// <summary>A text behind its length in one byte, cut at <paramref name="maxBytes"/>.</summary>
    public void Text(string value, int maxBytes)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        int length = Math.Min(bytes.Length, maxBytes);
        U8((byte)length);
        Raw(bytes.AsSpan(0, length));
    }
}
