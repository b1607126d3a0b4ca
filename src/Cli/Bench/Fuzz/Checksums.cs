using System.Buffers.Binary;
using Robotics.Core;

namespace Robotics.Cli.Bench;

/// <summary>Puts the checksums of a spoilt segment right, so that what lies behind them is reached.</summary>
internal static class Checksums
{
    private const int Length = sizeof(uint);

    /// <summary>Sums a header of <paramref name="headerLength"/> bytes and each <paramref name="recordLength"/> bytes behind it, as far as there are that many.</summary>
    public static void PutRight(Span<byte> segment, int headerLength, int recordLength)
    {
        int length = headerLength;
        for (int at = 0; at + length <= segment.Length; length = recordLength)
        {
            Span<byte> part = segment.Slice(at, length);
            BinaryPrimitives.WriteUInt32LittleEndian(part[^Length..], Crc32C.Compute(part[..^Length]));
            at += length;
        }
    }
}
