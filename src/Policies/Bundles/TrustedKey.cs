using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Robotics.Policies;

/// <summary>The public half of a signer's ECDSA P-256 key.</summary>
public sealed class TrustedKey
{
    internal const int KeyBits = 256;
    private readonly byte[] _subjectPublicKeyInfo;

    internal TrustedKey(byte[] subjectPublicKeyInfo)
    {
        _subjectPublicKeyInfo = subjectPublicKeyInfo;
        Id = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(subjectPublicKeyInfo));
    }

    /// <summary>First 8 bytes (little endian) of the SHA-256 of the key's SubjectPublicKeyInfo.</summary>
    public ulong Id { get; }

    /// <summary>The key in a SubjectPublicKeyInfo PEM text.</summary>
    /// <returns>False where the text holds no P-256 public key.</returns>
    public static bool TryReadPem(string pem, out TrustedKey? key)
    {
        key = null;
        using var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportFromPem(pem);
            if (ecdsa.KeySize == KeyBits)
                key = new TrustedKey(ecdsa.ExportSubjectPublicKeyInfo());
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            // The library reports a malformed PEM by exception; the caller gets a status.
        }
        return key is not null;
    }

    /// <summary>SubjectPublicKeyInfo PEM.</summary>
    public string ToPem() => PemEncoding.WriteString("PUBLIC KEY", _subjectPublicKeyInfo);

    internal bool Verify(ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(_subjectPublicKeyInfo, out _);
        return ecdsa.VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
