using System.Buffers.Binary;
using Robotics.Core;

namespace Robotics.Experience;

/// <summary>What every segment file starts with: whose transitions, under which schema and configuration. See docs/formats/spool.md.</summary>
public sealed class SegmentHeader
{
    /// <summary>Bytes of the configuration hash (SHA-256).</summary>
    public const int ConfigHashLength = 32;

    /// <summary>Longest header there is; a reader needs no more to judge a file.</summary>
    public const int MaxLength = FixedLength + TransitionSchema.DescriptionFixedLength + TransitionSchema.MaxTaskName + TransitionCodec.ChecksumLength;

    private const int FixedLength = 82;
    private const ushort Version = 1;
    private static ReadOnlySpan<byte> Magic => "RBTSPOOL"u8;

    private readonly byte[] _configHash;

    /// <summary>Describes a segment.</summary>
    /// <param name="stream">Whose transitions.</param>
    /// <param name="firstSequence">The least sequence number the segment may hold; also its name.</param>
    /// <param name="previous">The greatest sequence number before this segment, 0 where it is the first.</param>
    /// <param name="schema">Shape of its records.</param>
    /// <param name="configHash">SHA-256 of the effective configuration, or empty for unknown (stored as zeros).</param>
    public SegmentHeader(SpoolStream stream, ulong firstSequence, ulong previous, TransitionSchema schema, ReadOnlySpan<byte> configHash)
    {
        if (configHash.Length is not (0 or ConfigHashLength))
            throw new ArgumentException($"a configuration hash has {ConfigHashLength} bytes, not {configHash.Length}", nameof(configHash));
        Stream = stream;
        FirstSequence = firstSequence;
        Previous = previous;
        Schema = schema ?? throw new ArgumentNullException(nameof(schema));
        _configHash = new byte[ConfigHashLength];
        configHash.CopyTo(_configHash);
    }

    /// <summary>Whose transitions.</summary>
    public SpoolStream Stream { get; }

    /// <summary>The least sequence number the segment may hold.</summary>
    public ulong FirstSequence { get; }

    /// <summary>The greatest sequence number before this segment.</summary>
    public ulong Previous { get; }

    /// <summary>Shape of its records.</summary>
    public TransitionSchema Schema { get; }

    /// <summary>SHA-256 of the effective configuration, zeros where unknown.</summary>
    public ReadOnlySpan<byte> ConfigHash => _configHash;

    /// <summary>Bytes of the header.</summary>
    public int Length => FixedLength + Schema.Description.Length + TransitionCodec.ChecksumLength;

    /// <summary>The header as it lies at the start of the file.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), (uint)bytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(12), Version);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), Stream.Robot);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), Stream.Boot);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(32), FirstSequence);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(40), Previous);
        _configHash.CopyTo(bytes.AsSpan(48));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(80), (ushort)Schema.Description.Length);
        Schema.Description.CopyTo(bytes.AsSpan(FixedLength));
        int end = bytes.Length - TransitionCodec.ChecksumLength;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(end), Crc32C.Compute(bytes.AsSpan(0, end)));
        return bytes;
    }

    /// <summary>Reads the header at the start of a file.</summary>
    /// <param name="bytes">The first <see cref="MaxLength"/> bytes of the file, or all of a shorter one.</param>
    /// <param name="header">Set where the result is <see cref="DecodeStatus.Ok"/>.</param>
    public static DecodeStatus TryRead(ReadOnlySpan<byte> bytes, out SegmentHeader? header)
    {
        header = null;
        int seen = Math.Min(bytes.Length, Magic.Length);
        if (!bytes[..seen].SequenceEqual(Magic[..seen]))
            return DecodeStatus.BadField;
        if (bytes.Length < FixedLength)
            return DecodeStatus.Incomplete;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (length is < FixedLength + TransitionSchema.DescriptionFixedLength + TransitionCodec.ChecksumLength or > MaxLength)
            return DecodeStatus.BadLength;
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]) != Version)
            return DecodeStatus.BadVersion;
        if (bytes.Length < length)
            return DecodeStatus.Incomplete;
        int end = (int)length - TransitionCodec.ChecksumLength;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[end..]) != Crc32C.Compute(bytes[..end]))
            return DecodeStatus.BadChecksum;
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[80..]) != end - FixedLength
            || !TransitionSchema.TryParse(bytes[FixedLength..end], out TransitionSchema? schema))
        {
            return DecodeStatus.BadField;
        }
        var stream = new SpoolStream(BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
        header = new SegmentHeader(
            stream, BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]),
            schema!, bytes.Slice(48, ConfigHashLength));
        return DecodeStatus.Ok;
    }

    /// <summary>Reads the header of the file at <paramref name="path"/>.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DecodeStatus TryReadFile(string path, out SegmentHeader? header)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file =
            File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> bytes = stackalloc byte[MaxLength];
        return TryRead(bytes[..RandomAccess.Read(file, bytes, 0)], out header);
    }
}
