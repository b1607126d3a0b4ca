using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Robotics.Runtime.Commands;

/// <summary>The 56-byte operator datagram. Layout: docs/formats/operator-command.md.</summary>
/// <remarks>Authentication is HMAC-SHA-256 over the first 24 bytes under a key shared with the robot. A sequence that must grow and the
/// boot identity make a recorded "arm" worthless later. Allocates nothing.</remarks>
public static class OperatorCommandCodec
{
    /// <summary>Bytes of a datagram.</summary>
    public const int Length = 56;

    private const uint Magic = 0x54434252; // "RBCT" little endian
    private const ushort Version = 1;
    private const int SignedLength = 24;

    /// <summary>Writes a command; <paramref name="key"/> may be empty for the local socket, where file permissions authenticate.</summary>
    public static void Encode(OperatorVerb verb, ulong sequence, ulong boot, ReadOnlySpan<byte> key, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[6..], (ushort)verb);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], boot);
        Span<byte> code = destination.Slice(SignedLength, HMACSHA256.HashSizeInBytes);
        code.Clear();
        if (!key.IsEmpty)
            HMACSHA256.HashData(key, destination[..SignedLength], code);
    }

    /// <summary>Reads a datagram without judging sequence or boot.</summary>
    /// <returns>False where it is not an operator command, or its code does not match <paramref name="key"/> (not checked where empty).</returns>
    public static bool TryDecode(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> key, out OperatorVerb verb, out ulong sequence, out ulong boot)
    {
        verb = OperatorVerb.None;
        sequence = boot = 0;
        if (datagram.Length != Length
            || BinaryPrimitives.ReadUInt32LittleEndian(datagram) != Magic
            || BinaryPrimitives.ReadUInt16LittleEndian(datagram[4..]) != Version)
        {
            return false;
        }
        if (!key.IsEmpty)
        {
            Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(key, datagram[..SignedLength], expected);
            if (!CryptographicOperations.FixedTimeEquals(expected, datagram[SignedLength..]))
                return false;
        }
        ushort code = BinaryPrimitives.ReadUInt16LittleEndian(datagram[6..]);
        if (code is < (ushort)OperatorVerb.EmergencyStop or > (ushort)OperatorVerb.Hello)
            return false;
        verb = (OperatorVerb)code;
        sequence = BinaryPrimitives.ReadUInt64LittleEndian(datagram[8..]);
        boot = BinaryPrimitives.ReadUInt64LittleEndian(datagram[16..]);
        return true;
    }
}
