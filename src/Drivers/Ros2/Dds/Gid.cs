using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Robotics.Drivers.Ros2.Dds;

/// <summary>An RTPS GUID as it stands on the wire: 12 bytes of participant, 4 of entity. Identity of an endpoint in the whole graph.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Gid(ulong High, ulong Low)
{
    // Held as it lies in memory, so that native code can fill it in place.

    /// <summary>Copies the 16 bytes to <paramref name="bytes"/>.</summary>
    public void CopyTo(Span<byte> bytes)
    {
        MemoryMarshal.Write(bytes, High);
        MemoryMarshal.Write(bytes[8..], Low);
    }

    /// <summary>Reads the 16 bytes of <paramref name="bytes"/>.</summary>
    public static Gid From(ReadOnlySpan<byte> bytes) => new(MemoryMarshal.Read<ulong>(bytes), MemoryMarshal.Read<ulong>(bytes[8..]));

    /// <summary>The first 12 bytes: which participant.</summary>
    public Gid Participant => new(High, Low & 0xFFFF_FFFFUL);

    /// <summary>Hexadecimal, as <c>ros2 topic info -v</c> shows it.</summary>
    public override string ToString() =>
        $"{BinaryPrimitives.ReverseEndianness(High):x16}{BinaryPrimitives.ReverseEndianness(Low):x16}";
}
