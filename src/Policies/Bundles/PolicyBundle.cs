using System.Buffers.Binary;
using Robotics.Core;

namespace Robotics.Policies;

/// <summary>A policy as it travels and is kept: manifest, weights, golden vectors, digest, signature. Layout: docs/formats/bundle.md.</summary>
/// <remarks>That it could be read says that it is whole and consistent, not that it may fly: <see cref="PolicyGate"/> decides that.
/// Immutable; safe from any thread.</remarks>
public sealed class PolicyBundle
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Safetensors.Data _data;
    private readonly BundleHashes _hashes;
    private readonly BundleFrame _frame;

    private PolicyBundle(ReadOnlyMemory<byte> bytes, BundleFrame frame, PolicyManifest manifest, Safetensors.Data data, GoldenVectors golden, BundleHashes hashes)
    {
        _hashes = hashes;
        _bytes = bytes;
        _frame = frame;
        _data = data;
        Manifest = manifest;
        Golden = golden;
        Identity = manifest.Identity with { ContentHash = BinaryPrimitives.ReadUInt64LittleEndian(Digest) };
    }

    /// <summary>The manifest.</summary>
    public PolicyManifest Manifest { get; }

    /// <summary>Identity with the content hash: the first 8 bytes (little endian) of <see cref="Digest"/>.</summary>
    public PolicyIdentity Identity { get; }

    /// <summary>Flat parameters in the order that <see cref="LayerKind"/> tells.</summary>
    public ReadOnlySpan<float> Parameters => _data.In(WeightsFile);

    /// <summary>Golden vectors.</summary>
    public GoldenVectors Golden { get; }

    /// <summary>SHA-256 over header, manifest, weights and golden vectors; 32 bytes.</summary>
    public ReadOnlySpan<byte> Digest => _bytes.Span[_frame.Digest];

    /// <summary>SHA-256 of <see cref="Bytes"/>, signature included: what a link names them by.</summary>
    public ReadOnlySpan<byte> FileHash => _hashes.File;

    /// <summary>The bundle as it was read.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The weights part: a safetensors file.</summary>
    public ReadOnlySpan<byte> WeightsFile => _bytes.Span[_frame.Weights];

    /// <summary>The manifest part: JSON.</summary>
    public ReadOnlySpan<byte> ManifestText => _bytes.Span[_frame.Manifest];

    /// <summary>True where it carries a signature; by whom it is, only a trusted key can tell.</summary>
    public bool IsSigned => _bytes.Length > _frame.Trailer + sizeof(uint);

    /// <summary>Key id the signature claims; 0 where unsigned.</summary>
    public ulong SignerKeyId => IsSigned ? BinaryPrimitives.ReadUInt64LittleEndian(_bytes.Span[(_frame.Trailer + sizeof(uint))..]) : 0;

    /// <summary>Reads a bundle that may come from anywhere; keeps a copy.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PolicyBundle? bundle, out BundleRefusal refusal) =>
        TryAdopt(bytes.ToArray(), null, out bundle, out refusal);

    /// <summary>Reads a bundle that may come from anywhere and keeps <paramref name="memory"/> itself: from now on nobody may change it.</summary>
    /// <param name="hashes">What a <see cref="BundleHasher"/> made of exactly these bytes; null hashes them here.</param>
    public static bool TryAdopt(ReadOnlyMemory<byte> memory, BundleHashes? hashes, out PolicyBundle? bundle, out BundleRefusal refusal)
    {
        BundleLimits limits = BundleLimits.Untrusted;
        ReadOnlySpan<byte> bytes = memory.Span;
        bundle = null;
        if (!BundleFrame.TryRead(bytes, limits, ref hashes, out BundleFrame frame, out refusal))
            return false;
        if (!ManifestJson.TryRead(bytes[frame.Manifest], out PolicyManifest? manifest, out string problem))
            return Refuse(out refusal, BundleCheck.Manifest, "the manifest", problem, "docs/formats/bundle.md");
        NetworkSpec network = manifest!.Network;
        if (!Safetensors.TryRead(bytes[frame.Weights], network, limits.MaxTensorHeaderBytes, out Safetensors.Data data, out problem))
            return Refuse(out refusal, BundleCheck.Weights, "the weights", problem, "exactly the network's tensors");
        if (!GoldenVectors.TryRead(bytes[frame.Golden], network, out GoldenVectors? golden))
            return Refuse(out refusal, BundleCheck.GoldenShape, "the golden vectors", $"{frame.GoldenLength} bytes of another shape", "the network's shape");
        if (!NetworkImage.AllFinite(data.In(bytes[frame.Weights])) || !NetworkImage.AllFinite(golden!.Values))
            return Refuse(out refusal, BundleCheck.Finite, "a parameter or golden value", "NaN or infinite", "finite");
        bundle = new PolicyBundle(memory, frame, manifest, data, golden, hashes!);
        return true;
    }

    /// <summary>Bytes of the flat form for the control process.</summary>
    public int ImageLength => NetworkImage.LengthOf(Manifest.Network);

    /// <summary>The flat form for the control process.</summary>
    public byte[] ToImage() => NetworkImage.Write(Manifest.Network, Parameters, Facts);

    /// <summary>Writes the flat form into <paramref name="image"/>, <see cref="ImageLength"/> bytes.</summary>
    /// <param name="isOrdered">By a person (<see cref="NetworkImageFacts.IsOrdered"/>).</param>
    /// <returns>CRC-32C of what was to be written.</returns>
    public uint WriteImage(Span<byte> image, bool isOrdered) =>
        NetworkImage.Write(image, Manifest.Network, Parameters, Facts with { IsOrdered = isOrdered });

    private NetworkImageFacts Facts =>
        new(Identity, Manifest.SchemaHash, (float)Manifest.ExplorationStd, (float)Manifest.PolicyRateHz);

    /// <summary>True where <paramref name="key"/> made its signature.</summary>
    public bool IsSignedBy(TrustedKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return IsSigned && SignerKeyId == key.Id && key.Verify(Digest, Signature);
    }

    private ReadOnlySpan<byte> Signature =>
        _bytes.Span.Slice(_frame.Trailer + sizeof(uint) + BundleFrame.KeyIdLength, BundleFrame.SignatureLength);

    private static bool Refuse(out BundleRefusal refusal, BundleCheck check, string what, string value, string limit)
    {
        refusal = new BundleRefusal(check, what, value, limit);
        return false;
    }
}
