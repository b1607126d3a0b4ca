using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Robotics.Core;

namespace Robotics.Policies.Tests;

public sealed class PolicyBundleTests
{
    [Fact]
    public void TryRead_WhatWasWritten_GivesItBack()
    {
        byte[] bytes = Bundles.Write();
        PolicyBundle bundle = Bundles.Read(bytes);
        Assert.Equal(Bundles.Manifest(), bundle.Manifest);
        Assert.Equal(Bundles.Parameters(Bundles.Tiny), bundle.Parameters);
        Assert.Equal(SHA256.HashData(bytes.AsSpan(0, bytes.Length - 36)), bundle.Digest);
        Assert.Equal(BinaryPrimitives.ReadUInt64LittleEndian(bundle.Digest), bundle.Identity.ContentHash);
        Assert.False(bundle.IsSigned);
        Assert.Equal(0, bundle.Golden.MaxDifference(PolicyNetwork.Create(Bundles.Tiny, bundle.Parameters)));
        Assert.Equal(GoldenVectors.DefaultSteps, bundle.Golden.Steps);
    }

    [Fact]
    public void Write_SameInputs_GivesTheSameBytes() => Assert.Equal(Bundles.Write(), Bundles.Write());

    [Fact]
    public void ToImage_OfABundle_FliesUnderItsIdentity()
    {
        PolicyBundle bundle = Bundles.Bundle();
        var network = new PolicyNetwork(PolicyNetwork.RequiredFloats(Bundles.Tiny));
        Assert.True(network.TryLoad(bundle.ToImage()));
        Assert.Equal(bundle.Identity, network.Identity);
        Assert.Equal(0.1f, network.Facts.ExplorationStd);
        Assert.Equal(0, bundle.Golden.MaxDifference(network));
    }

    [Fact]
    public void TryRead_EveryCorruptByte_IsRefusedWithADiagnosis()
    {
        using var signer = SigningKey.Generate();
        foreach (byte[] bytes in new[] { Bundles.Write(), Bundles.Write(signer: signer) })
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                foreach (byte flip in (byte[])[0x01, 0x80, 0xFF])
                {
                    bytes[i] ^= flip;
                    Assert.False(PolicyBundle.TryRead(bytes, out PolicyBundle? bundle, out BundleRefusal refusal), $"byte {i}");
                    Assert.Null(bundle);
                    Assert.False(refusal.IsNone);
                    Assert.NotEmpty(refusal.Value);
                    bytes[i] ^= flip;
                }
            }
        }
    }

    // As a download comes: in pieces of any length, hashed on the way.
    [Fact]
    public void TryRead_HashedInPieces_GivesTheSameBundleAndStillSeesADamagedByte()
    {
        using var signer = SigningKey.Generate();
        byte[] bytes = Bundles.Write(signer: signer);
        foreach (int piece in (int[])[1, 7, 31, 32, 33, 500, bytes.Length])
        {
            BundleHashes hashes = HashInPieces(bytes, piece);
            Assert.True(PolicyBundle.TryAdopt(bytes, hashes, out PolicyBundle? bundle, out _));
            Assert.Equal(SHA256.HashData(bytes), bundle!.FileHash);
            byte[] damaged = [.. bytes];
            damaged[Bundles.WeightsOffset(bytes)] ^= 1;
            Assert.False(PolicyBundle.TryAdopt(damaged, HashInPieces(damaged, piece), out _, out BundleRefusal refusal));
            Assert.Equal(BundleCheck.Digest, refusal.Check);
        }
        Assert.True(HashInPieces([1, 2, 3], 2).Content.IsEmpty);
        Assert.True(HashInPieces(bytes.AsSpan(0, 100), 9).Content.IsEmpty);
    }

    private static BundleHashes HashInPieces(ReadOnlySpan<byte> bytes, int piece)
    {
        using var hasher = new BundleHasher();
        for (; bytes.Length > piece; bytes = bytes[piece..])
            hasher.Append(bytes[..piece]);
        hasher.Append(bytes);
        return hasher.Finish();
    }

    [Fact]
    public void TryRead_EveryTruncation_IsRefused()
    {
        byte[] bytes = Bundles.Write();
        for (int length = 0; length < bytes.Length; length++)
            Assert.False(PolicyBundle.TryRead(bytes.AsSpan(0, length), out _, out _));
        Assert.False(PolicyBundle.TryRead([.. bytes, 0], out _, out _));
    }

    // Whatever the parts say, the outcome is a status: the hash is made right, so that the parsers behind it are reached.
    [Fact]
    public void TryRead_EveryCorruptByteUnderAMatchingHash_NeverThrows()
    {
        byte[] bytes = Bundles.Write();
        for (int i = 0; i < bytes.Length - 36; i++)
        {
            foreach (byte flip in (byte[])[0x01, 0x04, 0x10, 0x80, 0xFF])
            {
                byte[] forged = [.. bytes];
                forged[i] ^= flip;
                bool isRead = PolicyBundle.TryRead(Bundles.Seal(forged), out PolicyBundle? bundle, out BundleRefusal refusal);
                Assert.Equal(isRead, bundle is not null);
                Assert.Equal(isRead, refusal.IsNone);
            }
        }
    }

    [Fact]
    public void TryRead_TenGigabytesDeclared_IsRefusedWithoutAllocatingThem()
    {
        byte[] bytes = Bundles.Write();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), 10_000_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(PolicyBundle.TryRead(bytes, out _, out BundleRefusal refusal));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000);
        Assert.Equal(BundleCheck.Length, refusal.Check);
        Assert.Contains("10000000000", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_TenGigabytesInTheTensorHeader_IsRefused()
    {
        byte[] bytes = Bundles.Write();
        int tensors = 32 + BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(tensors), 10_000_000_000);
        Assert.False(PolicyBundle.TryRead(Bundles.Seal(bytes), out _, out BundleRefusal refusal));
        Assert.Equal(BundleCheck.Weights, refusal.Check);
    }

    [Theory]
    [InlineData("\"outputs\":2", "\"outputs\":9", BundleCheck.Manifest)] // layers do not fit together
    [InlineData("\"name\"", "\"nane\"", BundleCheck.Manifest)] // unknown member
    [InlineData("\"data_last_step\":1000", "\"data_last_step\":-100", BundleCheck.Manifest)]
    [InlineData("\"policy_rate_hz\":100", "\"policy_rate_hz\":0.0", BundleCheck.Manifest)]
    [InlineData("\"exploration_std\":0.1", "\"exploration_std\":2.1", BundleCheck.Manifest)]
    [InlineData("\"kind\":\"gru\"", "\"kind\":\"grx\"", BundleCheck.Manifest)]
    [InlineData("layers.0.weight", "layers.9.weight", BundleCheck.Weights)] // a tensor of no layer
    [InlineData("layers.0.bias", "layers.2.bias", BundleCheck.Weights)] // twice, and one missing
    [InlineData("\"F32\"", "\"F16\"", BundleCheck.Weights)]
    [InlineData("\"data_offsets\":[0,16]", "\"data_offsets\":[8,24]", BundleCheck.Weights)] // overlap
    [InlineData("\"shape\":[2,2]", "\"shape\":[4,1]", BundleCheck.Weights)]
    public void TryRead_ForgedText_IsRefusedByItsCheck(string from, string to, BundleCheck expected)
    {
        byte[] forged = Bundles.Replace(Bundles.Write(), from, to);
        Assert.False(PolicyBundle.TryRead(forged, out _, out BundleRefusal refusal));
        Assert.Equal(expected, refusal.Check);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void TryRead_NonFiniteWeight_IsRefused(float value)
    {
        byte[] bytes = Bundles.Write();
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(Bundles.WeightsOffset(bytes)), value);
        Assert.False(PolicyBundle.TryRead(Bundles.Seal(bytes), out _, out BundleRefusal refusal));
        Assert.Equal(BundleCheck.Finite, refusal.Check);
    }

    [Fact]
    public void TryRead_TensorsInAnotherOrder_GivesTheSameParameters()
    {
        NetworkSpec spec = NetworkSpec.Mlp([1, 2], Activation.Tanh, Activation.Tanh);
        byte[] header = Encoding.ASCII.GetBytes(
            """{"layers.0.bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"__metadata__":{"by":"another\u0020writer"},"layers.0.weight":{"data_offsets":[8,16],"dtype":"F32","shape":[2,1]}}"""
        );
        var file = new byte[8 + header.Length + 16];
        BinaryPrimitives.WriteInt32LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        for (int i = 0; i < 4; i++)
            BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(8 + header.Length + (4 * i)), i);
        Assert.True(Safetensors.TryRead(file, spec, 4096, out Safetensors.Data parameters, out string problem), problem);
        Assert.Equal([2, 3, 0, 1], parameters.In(file).ToArray());
    }

    [Fact]
    public void Write_BadManifest_IsOurMistake()
    {
        Assert.Throws<ArgumentException>(() => PolicyBundleWriter.Write(Bundles.Manifest() with { PolicyRateHz = -1 }, Bundles.Parameters(Bundles.Tiny)));
        Assert.Throws<ArgumentException>(() => PolicyBundleWriter.Write(Bundles.Manifest(), new float[3]));
        Assert.Throws<ArgumentException>(() => PolicyBundleWriter.Write(Bundles.Manifest() with { ExplorationStd = double.NaN }, Bundles.Parameters(Bundles.Tiny)));
    }

    [Fact]
    public void Sign_ThenRead_IsSignedByThatKeyOnly()
    {
        using var signer = SigningKey.Generate();
        using var other = SigningKey.Generate();
        Assert.True(SigningKey.TryReadPem(signer.ToPem(), out SigningKey? again));
        byte[] signed = PolicyBundleWriter.Sign(Bundles.Write(signer: other), again!);
        PolicyBundle bundle = Bundles.Read(signed);
        Assert.True(TrustedKey.TryReadPem(signer.Public.ToPem(), out TrustedKey? key));
        Assert.True(bundle.IsSignedBy(key!));
        Assert.False(bundle.IsSignedBy(other.Public));
        Assert.Equal(Bundles.Bundle().Identity, bundle.Identity);
        Assert.False(TrustedKey.TryReadPem("not a key", out _));
        again!.Dispose();
    }

    // docs/formats/bundle.md tells these bytes; the hash covers manifest, tensors and golden vectors, so one hash pins all.
    [Fact]
    public void Write_TinyBundle_KeepsItsLayout()
    {
        NetworkSpec spec = new([LayerSpec.Dense(1, 1, Activation.Identity)]);
        GoldenVectors golden = GoldenVectors.Of(spec, [0.5f], [0.75f], []);
        byte[] bytes = PolicyBundleWriter.Write(Bundles.Manifest(spec), [0.5f, 0.5f], golden);
        const string manifest =
            """{"name":"tiny","identity":{"run":"0102030405060708","epoch":1,"counter":2,"content":"0000000000000000"},"parent":{"run":"0000000000000000","epoch":0,"counter":0,"content":"0000000000000000"},"created":"2026-01-02T03:04:05Z","schema":"a1a2a3a4a5a6a7a8","policy_rate_hz":100,"exploration_std":0.1,"data_first_step":0,"data_last_step":1000,"score":12.5,"network":{"head":"deterministic","clamp":true,"layers":[{"kind":"dense","inputs":1,"outputs":1,"activation":"identity"}]}}""";
        const string tensors =
            """{"layers.0.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"layers.0.bias":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""";
        int padded = (tensors.Length + 7) / 8 * 8;
        byte[] expected =
        [
            .. "RPBUNDLE"u8, 1, 0, 0, 0,
            .. BitConverter.GetBytes(manifest.Length),
            .. BitConverter.GetBytes((long)(8 + padded + 8)),
            .. BitConverter.GetBytes(24), 0, 0, 0, 0,
            .. Encoding.ASCII.GetBytes(manifest),
            .. BitConverter.GetBytes((long)padded),
            .. Encoding.ASCII.GetBytes(tensors.PadRight(padded)),
            0, 0, 0, 0x3F, 0, 0, 0, 0x3F,
            1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0x3F, 0, 0, 0x40, 0x3F,
        ];
        Assert.Equal([.. expected, .. SHA256.HashData(expected), 0, 0, 0, 0], bytes);
    }
}
