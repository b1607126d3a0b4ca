using System.Buffers.Binary;
using System.Security.Cryptography;
using Robotics.Core;
using Robotics.Safety;

namespace Robotics.Runtime.Commands;

/// <summary>Control's answer to <see cref="OperatorVerb.Hello"/>: 56 bytes, authenticated like a command. Layout: docs/formats/operator-command.md.</summary>
/// <remarks>It is as long as the question, so the port amplifies nothing, and it echoes the question's sequence, so an old answer is seen as one.</remarks>
/// <param name="Sequence">The question's.</param>
/// <param name="Boot">Identity of the running control process.</param>
/// <param name="Arming">Whether the robot may move.</param>
/// <param name="Action">Safety action in force.</param>
public readonly record struct OperatorReply(ulong Sequence, ulong Boot, ArmingState Arming, SafetyAction Action)
{
    private const uint Magic = 0x52434252; // "RBCR" little endian
    private const int SignedLength = 24;

    /// <summary>Writes <see cref="OperatorCommandCodec.Length"/> bytes. Allocates nothing.</summary>
    public void Encode(ReadOnlySpan<byte> key, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[4..], 1);
        destination[6] = (byte)Arming;
        destination[7] = (byte)Action;
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], Boot);
        HMACSHA256.HashData(key, destination[..SignedLength], destination[SignedLength..]);
    }

    /// <summary>Reads an answer; false where it is none or its code does not match <paramref name="key"/>.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> key, out OperatorReply reply)
    {
        reply = default;
        if (datagram.Length != OperatorCommandCodec.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(datagram) != Magic
            || BinaryPrimitives.ReadUInt16LittleEndian(datagram[4..]) != 1
            || datagram[6] > (byte)ArmingState.Latched
            || datagram[7] > (byte)SafetyAction.PowerCut)
        {
            return false;
        }
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, datagram[..SignedLength], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, datagram[SignedLength..]))
            return false;
        reply = new OperatorReply(
            BinaryPrimitives.ReadUInt64LittleEndian(datagram[8..]), BinaryPrimitives.ReadUInt64LittleEndian(datagram[16..]), (ArmingState)datagram[6],
            (SafetyAction)datagram[7]);
        return true;
    }
}
