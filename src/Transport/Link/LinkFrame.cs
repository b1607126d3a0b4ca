using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Robotics.Transport;

/// <summary>The envelope of every message of the link: mark, version, kind, session, length, body, checksum. See docs/formats/link.md.</summary>
/// <remarks>A view on received bytes; allocates nothing. Mark, version and checksum keep their places in every version to come.</remarks>
public readonly ref struct LinkFrame
{
    /// <summary>Bytes before the body.</summary>
    public const int HeaderLength = 16;

    /// <summary>CRC-32C behind the body, bytes.</summary>
    public const int ChecksumLength = 4;

    private LinkFrame(LinkKind kind, ushort version, uint session, ReadOnlySpan<byte> body)
    {
        Kind = kind;
        Version = version;
        Session = session;
        Body = body;
    }

    /// <summary>What it says.</summary>
    public LinkKind Kind { get; }

    /// <summary>Protocol version of the sender.</summary>
    public ushort Version { get; }

    /// <summary>Session the learner gave in its welcome; 0 before.</summary>
    public uint Session { get; }

    /// <summary>The fields of the kind.</summary>
    public ReadOnlySpan<byte> Body { get; }

    internal static ReadOnlySpan<byte> Magic => "RBTL"u8;

    /// <summary>Judges received bytes.</summary>
    public static FrameStatus TryRead(ReadOnlySpan<byte> bytes, out LinkFrame frame)
    {
        frame = default;
        if (bytes.Length is < HeaderLength + ChecksumLength or > LinkLimits.MaxFrameBytes)
            return FrameStatus.BadLength;
        if (!bytes[..4].SequenceEqual(Magic))
            return FrameStatus.BadMagic;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumLength..]) != Checksum(Covered(bytes[..^ChecksumLength])))
            return FrameStatus.BadChecksum;
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        var kind = (LinkKind)bytes[6];
        frame = new LinkFrame(kind, version, BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), bytes[HeaderLength..^ChecksumLength]);
        if (version != LinkLimits.ProtocolVersion)
            return FrameStatus.OtherVersion;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) != frame.Body.Length)
            return FrameStatus.BadLength;
        return kind is >= LinkKind.Hello and <= LinkKind.PolicyReport ? FrameStatus.Ok : FrameStatus.UnknownKind;
    }

    /// <summary>The part of a frame (without its checksum) that the checksum covers: all of it, but of data only what is before the records, which carry
    /// their own, and of a policy chunk only what is before the bytes, which the SHA-256 of the announcement proves.</summary>
    internal static ReadOnlySpan<byte> Covered(ReadOnlySpan<byte> frame)
    {
        int head = frame.Length < HeaderLength ? frame.Length : (LinkKind)frame[6] switch
        {
            LinkKind.Data => DataMessage.HeaderLength,
            LinkKind.PolicyChunk => PolicyChunkMessage.HeaderLength,
            _ => frame.Length,
        };
        return frame[..Math.Min(head, frame.Length)];
    }

    /// <summary>CRC-32C as in the transition record; this room references nothing, so it has its own eight lines.</summary>
    internal static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words)
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (byte b in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
