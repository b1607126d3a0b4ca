using System.Numerics;

namespace Robotics.Core.Tests;

public sealed class Crc32CTests
{
    // The check value of the CRC catalogue (CRC-32/ISCSI).
    [Fact]
    public void Compute_CheckString_IsTheCataloguesValue() => Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(9)]
    public void Append_InTwoPieces_IsTheSameAsOfTheWhole(int cut) =>
        Assert.Equal(0xE3069283u, Crc32C.Append(Crc32C.Compute("123456789"u8[..cut]), "123456789"u8[cut..]));

    [Fact]
    public void Compute_AnyLength_IsTheSameAsByteByByte()
    {
        var random = new SeededRandom(1, "crc");
        var bytes = new byte[20_000];
        foreach (ref byte b in bytes.AsSpan())
            b = (byte)random.NextInt(256);
        foreach (int length in (int[])[0, 1, 7, 8, 3071, 3072, 3073, 6144, 9999, 20_000])
        {
            uint crc = uint.MaxValue;
            foreach (byte b in bytes.AsSpan(0, length))
                crc = BitOperations.Crc32C(crc, b);
            Assert.Equal(~crc, Crc32C.Compute(bytes.AsSpan(0, length)));
        }
    }
}
