using System.Buffers.Binary;
using Robotics.Core;

namespace Robotics.Policies;

/// <summary>Makes bundles: computes the golden vectors, hashes, signs. Stateless; safe from any thread.</summary>
public static class PolicyBundleWriter
{
    /// <summary>A bundle of <paramref name="manifest"/> with the network's flat <paramref name="parameters"/>.</summary>
    /// <param name="golden">Vectors recorded elsewhere; by default they are computed here.</param>
    /// <param name="signer">Signs the bundle where given.</param>
    /// <exception cref="ArgumentException">The manifest is out of range, or a parameter is missing or not finite: our own mistake.</exception>
    public static byte[] Write(PolicyManifest manifest, ReadOnlySpan<float> parameters, GoldenVectors? golden = null, SigningKey? signer = null)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        byte[] json = ManifestJson.Write(manifest);
        if (!ManifestJson.TryRead(json, out _, out string problem))
            throw new ArgumentException($"the manifest is not valid: {problem}", nameof(manifest));
        golden ??= GoldenVectors.Compute(PolicyNetwork.Create(manifest.Network, parameters));
        byte[] bundle = BundleFrame.Assemble(json, Safetensors.Write(manifest.Network, parameters), golden.ToBytes());
        return signer is null ? bundle : Sign(bundle, signer);
    }

    /// <summary>The same bundle, signed by <paramref name="signer"/>; a signature it had is replaced.</summary>
    /// <exception cref="ArgumentException">The bytes are not a bundle.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> bundle, SigningKey signer)
    {
        ArgumentNullException.ThrowIfNull(signer);
        BundleHashes? hashes = null;
        if (!BundleFrame.TryRead(bundle, BundleLimits.Untrusted, ref hashes, out BundleFrame frame, out BundleRefusal refusal))
            throw new ArgumentException(refusal.ToString(), nameof(bundle));
        var signed = new byte[frame.Trailer + sizeof(uint) + BundleFrame.SignatureBlockLength];
        bundle[..frame.Trailer].CopyTo(signed);
        BinaryPrimitives.WriteUInt32LittleEndian(signed.AsSpan(frame.Trailer), BundleFrame.SignatureBlockLength);
        Span<byte> block = signed.AsSpan(frame.Trailer + sizeof(uint));
        BinaryPrimitives.WriteUInt64LittleEndian(block, signer.Public.Id);
        signer.Sign(bundle[frame.Digest]).CopyTo(block[BundleFrame.KeyIdLength..]);
        BinaryPrimitives.WriteUInt32LittleEndian(block[^sizeof(uint)..], Crc32C.Compute(block[..^sizeof(uint)]));
        return signed;
    }
}
