using System.Buffers.Binary;
using Robotics.Core;

namespace Robotics.Cli.Bench;

/// <summary>Spoils bytes the way networks, disks and attackers do; by a seeded generator.</summary>
internal static class Mutation
{
    /// <summary>Bytes that the target must be longer than the source.</summary>
    public const int Room = 64;

    private static readonly byte[] Nasty = [0, 1, 0x7F, 0x80, 0xFE, 0xFF];

    /// <summary>Writes a mutated copy of <paramref name="source"/> into <paramref name="target"/> and gives its part.</summary>
    /// <param name="random">Draws.</param>
    /// <param name="source">A valid form.</param>
    /// <param name="target">At least <see cref="Room"/> bytes longer than the source.</param>
    /// <param name="repairChecksum">Whether the last four bytes may be made the CRC-32C of those before, so that what lies behind the checksum is reached.</param>
    public static Span<byte> Of(SeededRandom random, ReadOnlySpan<byte> source, Span<byte> target, bool repairChecksum)
    {
        source.CopyTo(target);
        int length = source.Length;
        int changes = 1 + random.NextInt(4);
        for (int i = 0; i < changes && length > 0; i++)
        {
            int at = random.NextInt(length);
            switch (random.NextInt(6))
            {
                case 0:
                    target[at] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 1:
                    target[at] = Nasty[random.NextInt(Nasty.Length)];
                    break;
                case 2 when length >= at + 4:
                    BinaryPrimitives.WriteUInt32LittleEndian(target[at..], (uint)random.NextUInt64());
                    break;
                case 3:
                    length = at;
                    break;
                case 4:
                    target.Slice(length, 16).Fill((byte)random.NextInt(256));
                    length += i == 0 ? random.NextInt(16) : 0;
                    break;
                default:
                    target[at] = (byte)random.NextInt(256);
                    break;
            }
        }
        if (repairChecksum && length > 4 && random.NextInt(2) == 0)
            BinaryPrimitives.WriteUInt32LittleEndian(target[(length - 4)..], Crc32C.Compute(target[..(length - 4)]));
        return target[..length];
    }
}
