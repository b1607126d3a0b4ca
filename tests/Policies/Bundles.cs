using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Robotics.Core;

namespace Robotics.Policies.Tests;

/// <summary>Small bundles for the tests, and ways to forge them: changed content under a matching hash.</summary>
internal static class Bundles
{
    public static readonly NetworkSpec Tiny = new([LayerSpec.Dense(2, 2, Activation.Tanh), LayerSpec.Gru(2, 2), LayerSpec.Dense(2, 1, Activation.Identity)]);

    public static PolicyManifest Manifest(NetworkSpec? network = null, uint epoch = 1, uint counter = 2) =>
        new()
        {
            Name = "tiny",
            Identity = new PolicyIdentity(0x0102030405060708, epoch, counter, 0),
            Created = "2026-01-02T03:04:05Z",
            SchemaHash = 0xA1A2A3A4A5A6A7A8,
            PolicyRateHz = 100,
            Network = network ?? Tiny,
            ExplorationStd = 0.1,
            Data = new DataRange(0, 1000),
            Score = 12.5,
        };

    public static float[] Parameters(NetworkSpec spec, ulong seed = 1) => RandomNetworks.Parameters(spec, new SeededRandom(seed, "weights"));

    public static byte[] Write(NetworkSpec? network = null, uint epoch = 1, uint counter = 2, ulong seed = 1, SigningKey? signer = null) =>
        PolicyBundleWriter.Write(Manifest(network, epoch, counter), Parameters(network ?? Tiny, seed), signer: signer);

    public static PolicyBundle Read(byte[] bytes)
    {
        Assert.True(PolicyBundle.TryRead(bytes, out PolicyBundle? bundle, out BundleRefusal refusal), refusal.ToString());
        return bundle!;
    }

    public static PolicyBundle Bundle(NetworkSpec? network = null, uint epoch = 1, uint counter = 2, ulong seed = 1) =>
        Read(Write(network, epoch, counter, seed));

    public static PolicyExpectations Expectations(NetworkSpec? network = null) =>
        new()
        {
            SchemaHash = 0xA1A2A3A4A5A6A7A8,
            ObservationLength = (network ?? Tiny).ObservationLength,
            ActionLength = (network ?? Tiny).ActionLength,
            PolicyRateHz = 100,
        };

    /// <summary>Replaces text of the same length in manifest or tensor header, and makes the hash right again.</summary>
    public static byte[] Replace(byte[] bundle, string from, string to)
    {
        Assert.Equal(from.Length, to.Length);
        byte[] forged = [.. bundle];
        int at = forged.AsSpan().IndexOf(Encoding.ASCII.GetBytes(from));
        Assert.True(at > 0, $"'{from}' is not in the bundle");
        Encoding.ASCII.GetBytes(to).CopyTo(forged, at);
        return Seal(forged);
    }

    /// <summary>Makes the hash of an unsigned bundle right again.</summary>
    public static byte[] Seal(byte[] bundle)
    {
        int content = bundle.Length - 36;
        SHA256.HashData(bundle.AsSpan(0, content), bundle.AsSpan(content, 32));
        return bundle;
    }

    /// <summary>Offset of the first weight.</summary>
    public static int WeightsOffset(byte[] bundle)
    {
        int tensors = 32 + BinaryPrimitives.ReadInt32LittleEndian(bundle.AsSpan(12));
        return tensors + 8 + BinaryPrimitives.ReadInt32LittleEndian(bundle.AsSpan(tensors));
    }
}
