using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Robotics.Core;

/// <summary>CRC-32C (Castagnoli, reflected polynomial 0x82F63B78, initial value and final XOR 0xFFFFFFFF), as in RFC 3720.</summary>
/// <remarks>
/// The processor's instruction has a latency of three cycles, so one chain of it uses a third of what the unit can do. Long input is taken in three lanes at a
/// time: a checksum is linear over GF(2), so that the state behind n zero bytes is a table of the state before them, and lanes can be joined afterwards.
/// </remarks>
public static class Crc32C
{
    private const int LaneBytes = 1024; // long enough that joining (eight look-ups) is nothing beside 3 x 128 steps, short enough for a state record's images
    private const int LaneWords = LaneBytes / sizeof(ulong);
    private static readonly uint[] BehindLane = BuildTable();

    /// <summary>Checksum of <paramref name="bytes"/>. Does not allocate; uses the processor's instruction where there is one.</summary>
    public static uint Compute(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>Checksum of what gave <paramref name="checksum"/> with <paramref name="bytes"/> behind it; 0 for nothing before.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~checksum;
        while (bytes.Length >= 3 * LaneBytes)
        {
            crc = ThreeLanes(crc, bytes);
            bytes = bytes[(3 * LaneBytes)..];
        }
        return ~OneLane(crc, bytes);
    }

    private static uint OneLane(uint crc, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
            crc = BitOperations.Crc32C(crc, LittleEndian(word));
        foreach (byte b in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }

    private static uint ThreeLanes(uint crc, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes[..(3 * LaneBytes)]);
        ReadOnlySpan<ulong> first = words[..LaneWords], second = words.Slice(LaneWords, LaneWords), third = words.Slice(2 * LaneWords, LaneWords);
        uint a = crc, b = 0, c = 0;
        for (int i = 0; i < first.Length; i++)
        {
            a = BitOperations.Crc32C(a, LittleEndian(first[i]));
            b = BitOperations.Crc32C(b, LittleEndian(second[i]));
            c = BitOperations.Crc32C(c, LittleEndian(third[i]));
        }
        return Shift(Shift(a) ^ b) ^ c;
    }

    // The state behind LaneBytes zero bytes, byte by byte of the state before: one table of 256 entries for each.
    private static uint Shift(uint crc)
    {
        ReadOnlySpan<uint> table = BehindLane;
        return table[(int)(crc & 0xFF)] ^ table[256 + (int)((crc >> 8) & 0xFF)] ^ table[512 + (int)((crc >> 16) & 0xFF)] ^ table[768 + (int)(crc >> 24)];
    }

    private static uint[] BuildTable()
    {
        var table = new uint[4 * 256];
        for (int i = 0; i < table.Length; i++)
        {
            uint crc = (uint)(i & 0xFF) << (8 * (i >> 8));
            for (int word = 0; word < LaneWords; word++)
                crc = BitOperations.Crc32C(crc, 0ul);
            table[i] = crc;
        }
        return table;
    }

    private static ulong LittleEndian(ulong word) => BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
}
