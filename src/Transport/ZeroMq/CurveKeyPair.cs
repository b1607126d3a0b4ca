using System.Text;

namespace Robotics.Transport;

/// <summary>A CURVE (Curve25519) key pair in Z85, the text form of ZeroMQ: 40 printable characters each.</summary>
/// <param name="PublicKey">May be shown to anybody.</param>
/// <param name="SecretKey">Must never leave the machine.</param>
public sealed record CurveKeyPair(string PublicKey, string SecretKey)
{
    /// <summary>Characters of a key.</summary>
    public const int KeyLength = 40;

    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

    /// <summary>Draws a new pair from the system's random source.</summary>
    /// <exception cref="ZmqException">libzmq is missing or cannot.</exception>
    public static unsafe CurveKeyPair Generate()
    {
        if (!ZmqContext.IsAvailable(out string problem))
            throw new ZmqException(problem);
        byte* publicKey = stackalloc byte[KeyLength + 1];
        byte* secretKey = stackalloc byte[KeyLength + 1];
        if (Native.zmq_curve_keypair(publicKey, secretKey) != 0)
            throw ZmqException.Of("cannot generate a CURVE key pair");
        return new CurveKeyPair(Encoding.ASCII.GetString(publicKey, KeyLength), Encoding.ASCII.GetString(secretKey, KeyLength));
    }

    /// <summary>Completes a pair from its secret key.</summary>
    /// <returns>False where <paramref name="secretKey"/> is not a key.</returns>
    public static unsafe bool TryFromSecret(string secretKey, out CurveKeyPair? pair)
    {
        pair = null;
        if (!IsKey(secretKey) || !ZmqContext.IsAvailable(out _))
            return false;
        byte* publicKey = stackalloc byte[KeyLength + 1];
        byte* secret = stackalloc byte[KeyLength + 1];
        Encoding.ASCII.GetBytes(secretKey, new Span<byte>(secret, KeyLength));
        secret[KeyLength] = 0;
        if (Native.zmq_curve_public(publicKey, secret) != 0)
            return false;
        pair = new CurveKeyPair(Encoding.ASCII.GetString(publicKey, KeyLength), secretKey);
        return true;
    }

    /// <summary>True where <paramref name="text"/> has the form of a key.</summary>
    public static bool IsKey(string? text) => text is { Length: KeyLength } && text.All(c => Alphabet.Contains(c, StringComparison.Ordinal));

    /// <summary>Z85 text (rfc.zeromq.org/spec/32) of the 32 bytes of a key.</summary>
    public static string Encode(ReadOnlySpan<byte> key)
    {
        if (key.Length != 32)
            throw new ArgumentException($"a key has 32 bytes, not {key.Length}", nameof(key));
        Span<char> text = stackalloc char[KeyLength];
        for (int i = 0; i < 8; i++)
        {
            uint value = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(key[(4 * i)..]);
            for (int j = 4; j >= 0; j--, value /= 85)
                text[(5 * i) + j] = Alphabet[(int)(value % 85)];
        }
        return new string(text);
    }

    /// <summary>For people: the public key only.</summary>
    public override string ToString() => PublicKey;
}
