using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Robotics.Drivers.Ros2;

/// <summary>Reads plain XCDR1 (4-byte encapsulation header, alignment counted after it) from bytes that nobody vouches for.</summary>
/// <remarks>
/// Every read is checked against what is left; the first one that does not fit makes the reader fail for good: <see cref="Ok"/> turns false
/// and all later reads give zero. Nothing throws, and no length is allocated before the bytes for it are known to be there.
/// Little and big endian are read; parameter-list encodings are refused.
/// </remarks>
public ref struct CdrReader
{
    /// <summary>Bytes of the encapsulation header (OMG DDSI-RTPS 2.2, 10.2).</summary>
    public const int HeaderBytes = 4;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _swap;
    private int _position;

    /// <summary>Starts behind the encapsulation header of <paramref name="sample"/>; fails at once where it is not plain CDR.</summary>
    public CdrReader(ReadOnlySpan<byte> sample)
    {
        bool plain = sample.Length >= HeaderBytes && sample[0] == 0 && sample[1] <= 1;
        _bytes = plain ? sample[HeaderBytes..] : default;
        _swap = plain && (sample[1] == 1) != BitConverter.IsLittleEndian;
        Ok = plain;
    }

    /// <summary>False once anything did not fit.</summary>
    public bool Ok { get; private set; }

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _bytes.Length - _position;

    /// <summary>Bytes read since the encapsulation header.</summary>
    public readonly int Position => _position;

    /// <summary>Marks the sample as malformed: for limits that only the caller knows.</summary>
    public void Fail() => Ok = false;

    /// <summary>One octet; also <c>byte</c>, <c>char</c>.</summary>
    public byte ReadUInt8() => Take(1, 1, out int at) ? _bytes[at] : (byte)0;

    /// <summary>Signed octet.</summary>
    public sbyte ReadInt8() => (sbyte)ReadUInt8();

    /// <summary>A bool; anything but 0 and 1 is malformed.</summary>
    public bool ReadBool()
    {
        byte value = ReadUInt8();
        if (value > 1)
            Fail();
        return value == 1;
    }

    /// <summary>16 bits, aligned to 2.</summary>
    public ushort ReadUInt16() => Take(2, 2, out int at) ? Swap16(Unaligned<ushort>(at)) : (ushort)0;

    /// <summary>16 bits signed.</summary>
    public short ReadInt16() => (short)ReadUInt16();

    /// <summary>32 bits, aligned to 4.</summary>
    public uint ReadUInt32() => Take(4, 4, out int at) ? Swap32(Unaligned<uint>(at)) : 0;

    /// <summary>32 bits signed.</summary>
    public int ReadInt32() => (int)ReadUInt32();

    /// <summary>64 bits, aligned to 8.</summary>
    public ulong ReadUInt64() => Take(8, 8, out int at) ? Swap64(Unaligned<ulong>(at)) : 0;

    /// <summary>64 bits signed.</summary>
    public long ReadInt64() => (long)ReadUInt64();

    /// <summary>IEEE 754 binary32.</summary>
    public float ReadFloat32() => BitConverter.UInt32BitsToSingle(ReadUInt32());

    /// <summary>IEEE 754 binary64.</summary>
    public double ReadFloat64() => BitConverter.UInt64BitsToDouble(ReadUInt64());

    /// <summary>Fills <paramref name="values"/> with a fixed-length array of 1, 2, 4 or 8 byte elements.</summary>
    public void ReadFixed<T>(scoped Span<T> values)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        if (values.IsEmpty || !Take(size, (long)size * values.Length, out int at))
            return;
        MemoryMarshal.Cast<byte, T>(_bytes.Slice(at, size * values.Length)).CopyTo(values);
        if (_swap && size > 1)
            SwapElements(values);
    }

    /// <summary>Reads a sequence of 1, 2, 4 or 8 byte elements into <paramref name="values"/>, which is replaced only where its length differs.</summary>
    /// <param name="values">Kept and overwritten in place where the length is the same: a stream of equal messages allocates nothing.</param>
    /// <param name="bound">Largest legal count; -1 for an unbounded sequence.</param>
    public void ReadSequence<T>(ref T[] values, int bound = -1)
        where T : unmanaged
    {
        int count = ReadCount(Unsafe.SizeOf<T>(), bound);
        if (values.Length != count)
            values = count == 0 ? [] : new T[count];
        ReadFixed<T>(values);
    }

    /// <summary>The count of a sequence whose elements take at least <paramref name="leastElementBytes"/>; 0 where it cannot fit.</summary>
    public int ReadCount(int leastElementBytes, int bound = -1)
    {
        uint count = ReadUInt32();
        if (!Ok || count > (uint)(Remaining / Math.Max(1, leastElementBytes)) || (bound >= 0 && count > (uint)bound))
        {
            Fail();
            return 0;
        }
        return (int)count;
    }

    /// <summary>The UTF-8 bytes of a string without its NUL.</summary>
    /// <param name="bound">Largest legal count of bytes; -1 for an unbounded string.</param>
    public ReadOnlySpan<byte> ReadStringBytes(int bound = -1)
    {
        uint length = ReadUInt32();
        if (!Ok || length == 0)
            return default; // some writers send 0 for an empty string
        if (length > (uint)Remaining || _bytes[_position + (int)length - 1] != 0 || (bound >= 0 && length - 1 > (uint)bound))
        {
            Fail();
            return default;
        }
        ReadOnlySpan<byte> text = _bytes.Slice(_position, (int)length - 1);
        _position += (int)length;
        return text;
    }

    /// <summary>Reads a string into <paramref name="value"/>; an equal ASCII text keeps its instance, so that a repeated frame id allocates nothing.</summary>
    public void ReadString(ref string value, int bound = -1)
    {
        ReadOnlySpan<byte> text = ReadStringBytes(bound);
        if (text.Length == value.Length && Ascii.Equals(text, value))
            return;
        value = text.IsEmpty ? "" : Encoding.UTF8.GetString(text);
    }

    /// <summary>Steps over <paramref name="count"/> elements of <paramref name="size"/> bytes each, aligned to their size.</summary>
    public void Skip(int size, int count)
    {
        if (count > 0)
            Take(size, (long)size * count, out _);
    }

    private bool Take(int alignment, long length, out int at)
    {
        at = (_position + alignment - 1) & -alignment;
        if (!Ok || length > _bytes.Length - (long)at)
        {
            Ok = false;
            at = 0;
            return false;
        }
        _position = at + (int)length;
        return true;
    }

    private readonly T Unaligned<T>(int at)
        where T : unmanaged => Unsafe.ReadUnaligned<T>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), at));

    private readonly ushort Swap16(ushort v) => _swap ? BinaryPrimitives.ReverseEndianness(v) : v;

    private readonly uint Swap32(uint v) => _swap ? BinaryPrimitives.ReverseEndianness(v) : v;

    private readonly ulong Swap64(ulong v) => _swap ? BinaryPrimitives.ReverseEndianness(v) : v;

    private static void SwapElements<T>(Span<T> values)
        where T : unmanaged
    {
        int size = Unsafe.SizeOf<T>();
        Span<byte> bytes = MemoryMarshal.AsBytes(values);
        for (int i = 0; i < bytes.Length; i += size)
            bytes.Slice(i, size).Reverse();
    }
}
