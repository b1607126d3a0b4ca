using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Robotics.Core;

namespace Robotics.Policies.Tests;

public sealed class NetworkImageTests
{
    private static readonly NetworkSpec Tiny = NetworkSpec.Mlp([2, 1], Activation.Identity, Activation.Tanh);

    private static byte[] TinyImage() =>
        NetworkImage.Write(Tiny, [0.5f, -1, 2], new NetworkImageFacts(new PolicyIdentity(1, 2, 3, 4), 5, 0.1f, 100));

    // The bytes of docs/formats/network-image.md; the checksum was computed by a bitwise CRC-32C in Python.
    [Fact]
    public void Write_TinyNetwork_GivesTheGoldenBytes() =>
        Assert.Equal(
            "524E45540100000101000000030000000100000000000000020000000300000004000000000000000500000000000000"
                + "CDCCCC3D0000C842000000000000000001020000020000000100000000000000"
                + "0000003F000080BF00000040EA2E4455",
            Convert.ToHexString(TinyImage())
        );

    [Fact]
    public void TryLoad_EveryCorruptByte_IsRefusedAndKeepsTheOld()
    {
        byte[] image = TinyImage();
        var network = new PolicyNetwork(PolicyNetwork.RequiredFloats(Tiny));
        Assert.True(network.TryLoad(image));
        for (int i = 0; i < image.Length; i++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                image[i] ^= (byte)(1 << bit);
                Assert.False(network.TryLoad(image, out NetworkImageStatus status), $"byte {i} bit {bit}");
                Assert.NotEqual(NetworkImageStatus.Ok, status);
                image[i] ^= (byte)(1 << bit);
            }
        }
        var action = new float[1];
        Assert.True(network.Act([2, 1], action));
        Assert.Equal(MathF.Tanh(2), action[0], 1e-6f);
    }

    [Fact]
    public void TryLoad_EveryTruncation_IsRefused()
    {
        byte[] image = TinyImage();
        var network = new PolicyNetwork(PolicyNetwork.RequiredFloats(Tiny));
        for (int length = 0; length < image.Length; length++)
            Assert.False(network.TryLoad(image.AsSpan(0, length)));
        Assert.False(network.TryLoad([.. image, 0]));
    }

    [Theory]
    [InlineData(8, int.MaxValue)] // layers
    [InlineData(12, int.MaxValue)] // parameters
    [InlineData(12, -1)]
    [InlineData(68, int.MaxValue)] // inputs of layer 0
    [InlineData(72, -1)] // outputs of layer 0
    public void TryLoad_AbsurdDeclaredSize_IsRefused(int offset, int value)
    {
        byte[] image = TinyImage();
        BinaryPrimitives.WriteInt32LittleEndian(image.AsSpan(offset), value);
        Seal(image);
        Assert.False(new PolicyNetwork(64).TryLoad(image));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void TryLoad_NonFiniteParameter_IsRefused(float value)
    {
        byte[] image = TinyImage();
        BinaryPrimitives.WriteSingleLittleEndian(image.AsSpan(84), value);
        Seal(image);
        Assert.False(new PolicyNetwork(256).TryLoad(image, out NetworkImageStatus status));
        Assert.Equal(NetworkImageStatus.NonFinite, status);
    }

    private static void Seal(byte[] image) =>
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan(image.Length - 4), Crc32C.Compute(image.AsSpan(0, image.Length - 4)));

    [Fact]
    public void Write_GivesTheChecksumOfTheWholeImage()
    {
        NetworkSpec spec = NetworkSpec.Mlp([3, 700, 2], Activation.Tanh, Activation.Identity);
        var image = new byte[NetworkImage.LengthOf(spec)];
        uint checksum = NetworkImage.Write(image, spec, RandomNetworks.Parameters(spec, new SeededRandom(8, "image")), default);
        Assert.Equal(Crc32C.Compute(image), checksum);
    }

    // Stands for memory that another process writes meanwhile: the parameters lie where the header goes, so that what is copied is not what was checked.
    [Fact]
    public void Write_MemoryThatChangesMeanwhile_IsRefusedByTheReader()
    {
        NetworkSpec spec = NetworkSpec.Mlp([3, 4, 2], Activation.Tanh, Activation.Identity);
        var image = new byte[NetworkImage.LengthOf(spec)];
        Span<float> parameters = MemoryMarshal.Cast<byte, float>(image.AsSpan(0, sizeof(float) * spec.ParameterCount));
        NetworkImage.Write(image, spec, parameters, default);
        NetworkImageStatus status = NetworkImage.TryRead(image, new LayerSpec[NetworkSpec.MaxLayers], out _, out _, out _);
        Assert.Equal(NetworkImageStatus.Checksum, status);
    }
}
