using System.Buffers.Binary;

namespace Robotics.Teleop;

/// <summary>The head of every message between teleoperation node and agent. Layout: docs/formats/teleop.md.</summary>
/// <remarks>Bytes from outside: decoded by status, never by exception; a length that was told allocates nothing. Integrity and secrecy are
/// the link's (CURVE).</remarks>
public static class TeleopMessage
{
    /// <summary>Bytes of the head.</summary>
    public const int HeaderBytes = 16;

    /// <summary>Bytes of the largest message.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Most motions of a robot: six axes for each of two arms, two grippers and two to spare.</summary>
    public const int MaxMotions = 16;

    /// <summary>Longest name of an operator, a device or a motion, bytes of UTF-8.</summary>
    public const int MaxNameBytes = 32;

    private const ushort Version = 1;

    private static ReadOnlySpan<byte> Magic => "RBTP"u8;

    /// <summary>Judges the head of received bytes.</summary>
    /// <returns>False where it is no message of this version.</returns>
    public static bool TryReadHead(ReadOnlySpan<byte> bytes, out TeleopKind kind, out ulong session)
    {
        kind = default;
        session = 0;
        if (bytes.Length is < HeaderBytes or > MaxBytes || !bytes[..4].SequenceEqual(Magic) || BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) != Version || bytes[7] != 0)
            return false;
        kind = (TeleopKind)bytes[6];
        session = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        return kind is >= TeleopKind.Hello and <= TeleopKind.State && session != 0;
    }

    internal static TeleopWriter Begin(Span<byte> buffer, TeleopKind kind, ulong session)
    {
        var writer = new TeleopWriter(buffer);
        writer.Raw(Magic);
        writer.U16(Version);
        writer.U8((byte)kind);
        writer.U8(0);
        writer.U64(session);
        return writer;
    }
}
