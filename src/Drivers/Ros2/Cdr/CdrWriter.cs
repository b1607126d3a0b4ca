using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Robotics.Drivers.Ros2;

/// <summary>Writes plain little-endian XCDR1 with its encapsulation header into a buffer that is reused.</summary>
/// <remarks>The buffer grows to the largest message and stays: a steady stream allocates nothing. Not thread-safe; one per publisher or thread.</remarks>
public sealed class CdrWriter
{
    private byte[] _buffer;
    private int _length;

    /// <summary>A writer whose buffer starts with <paramref name="capacity"/> bytes.</summary>
    public CdrWriter(int capacity = 512)
    {
        _buffer = new byte[Math.Max(capacity, CdrReader.HeaderBytes)];
        Reset();
    }

    /// <summary>What was written since <see cref="Reset"/>, header included. Valid until the next write.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>Starts a new message.</summary>
    public void Reset()
    {
        _buffer[0] = 0;
        _buffer[1] = 1; // CDR_LE
        _buffer[2] = 0;
        _buffer[3] = 0;
        _length = CdrReader.HeaderBytes;
    }

    /// <summary>One octet; also <c>byte</c>, <c>char</c>.</summary>
    public void WriteUInt8(byte value) => Put(value);

    /// <summary>Signed octet.</summary>
    public void WriteInt8(sbyte value) => WriteUInt8((byte)value);

    /// <summary>0 or 1.</summary>
    public void WriteBool(bool value) => WriteUInt8(value ? (byte)1 : (byte)0);

    /// <summary>16 bits, aligned to 2.</summary>
    public void WriteUInt16(ushort value) => Put(value);

    /// <summary>16 bits signed.</summary>
    public void WriteInt16(short value) => Put(value);

    /// <summary>32 bits, aligned to 4.</summary>
    public void WriteUInt32(uint value) => Put(value);

    /// <summary>32 bits signed.</summary>
    public void WriteInt32(int value) => Put(value);

    /// <summary>64 bits, aligned to 8.</summary>
    public void WriteUInt64(ulong value) => Put(value);

    /// <summary>64 bits signed.</summary>
    public void WriteInt64(long value) => Put(value);

    /// <summary>IEEE 754 binary32.</summary>
    public void WriteFloat32(float value) => Put(value);

    /// <summary>IEEE 754 binary64.</summary>
    public void WriteFloat64(double value) => Put(value);

    /// <summary>A fixed-length array of 1, 2, 4 or 8 byte elements.</summary>
    public void WriteFixed<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        if (values.IsEmpty)
            return;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
        int at = Reserve(Unsafe.SizeOf<T>(), bytes.Length); // first: it may replace the buffer
        bytes.CopyTo(_buffer.AsSpan(at));
    }

    /// <summary>A sequence: count, then the elements.</summary>
    public void WriteSequence<T>(ReadOnlySpan<T> values, int bound = -1)
        where T : unmanaged
    {
        WriteCount(values.Length, bound);
        WriteFixed(values);
    }

    /// <summary>The count in front of a sequence.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More elements than the type's bound allows: our own mistake.</exception>
    public void WriteCount(int count, int bound = -1)
    {
        if (bound >= 0)
            ArgumentOutOfRangeException.ThrowIfGreaterThan(count, bound);
        WriteUInt32((uint)count);
    }

    /// <summary>A string: count with NUL, UTF-8, NUL.</summary>
    /// <param name="value">Null is written as the empty string.</param>
    /// <param name="bound">Largest legal count of bytes; -1 for an unbounded string.</param>
    /// <exception cref="ArgumentOutOfRangeException">Longer than the bound: our own mistake.</exception>
    public void WriteString(string? value, int bound = -1)
    {
        value ??= "";
        int bytes = Encoding.UTF8.GetByteCount(value);
        if (bound >= 0)
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, bound, nameof(value));
        WriteUInt32((uint)bytes + 1);
        int at = Reserve(1, bytes + 1);
        Encoding.UTF8.GetBytes(value, _buffer.AsSpan(at));
        _buffer[at + bytes] = 0;
    }

    private void Put<T>(T value)
        where T : unmanaged
    {
        int at = Reserve(Unsafe.SizeOf<T>(), Unsafe.SizeOf<T>());
        Unsafe.WriteUnaligned(ref _buffer[at], value);
    }

    private int Reserve(int alignment, int bytes)
    {
        int at = CdrReader.HeaderBytes + ((_length - CdrReader.HeaderBytes + alignment - 1) & -alignment);
        if (at + bytes > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, at + bytes));
        for (int i = _length; i < at; i++)
            _buffer[i] = 0; // padding is zero, so that equal messages are equal bytes
        _length = at + bytes;
        return at;
    }
}
