using System.Buffers.Binary;
using System.Text;

namespace Robotics.Teleop;

/// <summary>Reads the fields of one message; running out of bytes is remembered, never thrown.</summary>
internal ref struct TeleopReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    public bool Failed { get; private set; }

    public readonly bool IsWhole => !Failed && _rest.IsEmpty;

    public byte U8() => Take(1) is { IsEmpty: false } b ? b[0] : (byte)0;

    public ushort U16() => Take(2) is { IsEmpty: false } b ? BinaryPrimitives.ReadUInt16LittleEndian(b) : (ushort)0;

    public uint U32() => Take(4) is { IsEmpty: false } b ? BinaryPrimitives.ReadUInt32LittleEndian(b) : 0;

    public ulong U64() => Take(8) is { IsEmpty: false } b ? BinaryPrimitives.ReadUInt64LittleEndian(b) : 0;

    public float F32() => BitConverter.UInt32BitsToSingle(U32());

    /// <summary>A text behind its length; one that is longer than <paramref name="maxBytes"/> or not UTF-8 fails.</summary>
    public string Text(int maxBytes)
    {
        int length = U8();
        if (length > maxBytes)
            Failed = true;
        ReadOnlySpan<byte> bytes = Take(length);
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
            Failed = true;
        return Failed ? "" : Encoding.UTF8.GetString(bytes);
    }

    private ReadOnlySpan<byte> Take(int length)
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
}
