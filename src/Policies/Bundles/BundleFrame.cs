using System.Buffers.Binary;
using System.Security.Cryptography;
using Robotics.Core;

namespace Robotics.Policies;

/// <summary>Offsets and lengths of a bundle's parts. Layout: docs/formats/bundle.md.</summary>
internal readonly struct BundleFrame
{
    public const ushort Version = 1;
    public const int HeaderLength = 32;
    public const int DigestLength = 32;
    public const int KeyIdLength = 8;
    public const int SignatureLength = 64;

    /// <summary>Key id, signature and checksum.</summary>
    public const int SignatureBlockLength = KeyIdLength + SignatureLength + sizeof(uint);

    public int ManifestLength { get; private init; }

    public int WeightsLength { get; private init; }

    public int GoldenLength { get; private init; }

    public static ReadOnlySpan<byte> Magic => "RPBUNDLE"u8;

    /// <summary>True where <paramref name="bytes"/> begin as a bundle does.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>Bytes that the digest covers.</summary>
    public int ContentLength => HeaderLength + ManifestLength + WeightsLength + GoldenLength;

    public Range Manifest => HeaderLength..(HeaderLength + ManifestLength);

    public Range Weights => Manifest.End.Value..(Manifest.End.Value + WeightsLength);

    public Range Golden => Weights.End.Value..ContentLength;

    public Range Digest => ContentLength..(ContentLength + DigestLength);

    /// <summary>Offset of the u32 that tells the signature block's length.</summary>
    public int Trailer => ContentLength + DigestLength;

    /// <summary>A bundle of these parts, unsigned.</summary>
    public static byte[] Assemble(ReadOnlySpan<byte> manifest, ReadOnlySpan<byte> weights, ReadOnlySpan<byte> golden)
    {
        var frame = new BundleFrame { ManifestLength = manifest.Length, WeightsLength = weights.Length, GoldenLength = golden.Length };
        var bundle = new byte[frame.Trailer + sizeof(uint)];
        Magic.CopyTo(bundle);
        BinaryPrimitives.WriteUInt16LittleEndian(bundle.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bundle.AsSpan(12), (uint)manifest.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bundle.AsSpan(16), (ulong)weights.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bundle.AsSpan(24), (uint)golden.Length);
        manifest.CopyTo(bundle.AsSpan(frame.Manifest));
        weights.CopyTo(bundle.AsSpan(frame.Weights));
        golden.CopyTo(bundle.AsSpan(frame.Golden));
        SHA256.HashData(bundle.AsSpan(0, frame.ContentLength), bundle.AsSpan(frame.Digest));
        return bundle;
    }

    /// <summary>Checks the frame alone: magic, version, lengths, digest, form of the signature block.</summary>
    /// <param name="hashes">Of exactly these bytes, where they were hashed before; null hashes them here.</param>
    public static bool TryRead(ReadOnlySpan<byte> bundle, BundleLimits limits, ref BundleHashes? hashes, out BundleFrame frame, out BundleRefusal refusal)
    {
        frame = default;
        if (bundle.Length > limits.MaxBytes)
            return Refuse(out refusal, BundleCheck.Length, "the whole bundle", $"{bundle.Length} bytes", $"{limits.MaxBytes}");
        if (bundle.Length < HeaderLength + DigestLength + sizeof(uint))
            return Refuse(out refusal, BundleCheck.Length, "the whole bundle", $"{bundle.Length} bytes", $"at least {HeaderLength + DigestLength + sizeof(uint)}");
        if (!bundle.StartsWith(Magic))
            return Refuse(out refusal, BundleCheck.Magic, "the first 8 bytes", Convert.ToHexString(bundle[..8]), Convert.ToHexString(Magic));
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(bundle[8..]);
        if (version != Version)
            return Refuse(out refusal, BundleCheck.FormatVersion, "the format version", $"{version}", $"{Version}");
        if (!TryReadLengths(bundle, limits, out frame, out refusal))
            return false;
        if (hashes is null || hashes.ContentLength != frame.ContentLength)
            hashes = HashesOf(bundle);
        if (!hashes.Content.SequenceEqual(bundle[frame.Digest]))
            return Refuse(out refusal, BundleCheck.Digest, "SHA-256 of the content", Convert.ToHexString(hashes.Content), Convert.ToHexString(bundle[frame.Digest]));
        return TryCheckSignatureBlock(bundle[frame.Trailer..], out refusal);
    }

    /// <summary>Bytes that the digest covers, as a header declares them, before anything of it is believed; 0 where it is none.</summary>
    public static long ContentLengthOf(ReadOnlySpan<byte> header)
    {
        ulong weights = BinaryPrimitives.ReadUInt64LittleEndian(header[16..]);
        return header.StartsWith(Magic) && weights <= int.MaxValue
            ? HeaderLength + BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) + (long)weights + BinaryPrimitives.ReadUInt32LittleEndian(header[24..])
            : 0;
    }

    private static BundleHashes HashesOf(ReadOnlySpan<byte> bundle)
    {
        using var hasher = new BundleHasher();
        hasher.Append(bundle);
        return hasher.Finish();
    }

    private static bool TryReadLengths(ReadOnlySpan<byte> bundle, BundleLimits limits, out BundleFrame frame, out BundleRefusal refusal)
    {
        frame = default;
        uint manifest = BinaryPrimitives.ReadUInt32LittleEndian(bundle[12..]);
        ulong weights = BinaryPrimitives.ReadUInt64LittleEndian(bundle[16..]);
        uint golden = BinaryPrimitives.ReadUInt32LittleEndian(bundle[24..]);
        if (BinaryPrimitives.ReadUInt16LittleEndian(bundle[10..]) != 0 || BinaryPrimitives.ReadUInt32LittleEndian(bundle[28..]) != 0)
            return Refuse(out refusal, BundleCheck.FormatVersion, "a reserved header field", "set", "0");
        if (manifest > limits.MaxManifestBytes)
            return Refuse(out refusal, BundleCheck.Length, "the manifest", $"{manifest} bytes", $"{limits.MaxManifestBytes}");
        if (golden > limits.MaxGoldenBytes)
            return Refuse(out refusal, BundleCheck.Length, "the golden vectors", $"{golden} bytes", $"{limits.MaxGoldenBytes}");
        long rest = bundle.Length - HeaderLength - DigestLength - sizeof(uint) - (long)manifest - golden;
        if (rest < 0 || weights > (ulong)rest)
            return Refuse(out refusal, BundleCheck.Length, "the weights", $"{weights} bytes", $"{Math.Max(rest, 0)}, what the file still has");
        frame = new BundleFrame { ManifestLength = (int)manifest, WeightsLength = (int)weights, GoldenLength = (int)golden };
        refusal = default;
        return true;
    }

    private static bool TryCheckSignatureBlock(ReadOnlySpan<byte> trailer, out BundleRefusal refusal)
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        ReadOnlySpan<byte> block = trailer[sizeof(uint)..];
        if (length != block.Length || length is not (0 or SignatureBlockLength))
            return Refuse(out refusal, BundleCheck.SignatureForm, "the signature block", $"{length} declared, {block.Length} there", $"0 or {SignatureBlockLength}");
        refusal = default;
        if (length == 0)
            return true;
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(block[^sizeof(uint)..]);
        return checksum == Crc32C.Compute(block[..^sizeof(uint)])
            || Refuse(out refusal, BundleCheck.SignatureForm, "the signature block's checksum", $"{checksum:x8}", "its CRC-32C");
    }

    private static bool Refuse(out BundleRefusal refusal, BundleCheck check, string what, string value, string limit)
    {
        refusal = new BundleRefusal(check, what, value, limit);
        return false;
    }
}
