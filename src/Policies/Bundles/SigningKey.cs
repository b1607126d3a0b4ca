using System.Security.Cryptography;

namespace Robotics.Policies;

/// <summary>The private half of a signer's ECDSA P-256 key. Whoever holds it decides what deployed robots fly.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly ECDsa _key;

    private SigningKey(ECDsa key)
    {
        _key = key;
        Public = new TrustedKey(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>The public half, for the edges.</summary>
    public TrustedKey Public { get; }

    /// <summary>A new key.</summary>
    public static SigningKey Generate() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>The key in a PKCS#8 PEM text.</summary>
    /// <returns>False where the text holds no P-256 private key.</returns>
    public static bool TryReadPem(string pem, out SigningKey? key)
    {
        key = null;
        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportFromPem(pem);
            if (ecdsa.KeySize == TrustedKey.KeyBits)
                key = new SigningKey(ecdsa);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            // The library reports a malformed PEM by exception; the caller gets a status.
        }
        if (key is null)
            ecdsa.Dispose();
        return key is not null;
    }

    /// <summary>PKCS#8 PEM, unencrypted: keep the file readable by its owner alone.</summary>
    public string ToPem() => _key.ExportPkcs8PrivateKeyPem();

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    internal byte[] Sign(ReadOnlySpan<byte> digest) => _key.SignHash(digest, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
