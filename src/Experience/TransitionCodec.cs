using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Robotics.Core;

namespace Robotics.Experience;

/// <summary>The byte form of a transition: the same bytes in the ring, the spool, on the link and in the learner's store.</summary>
/// <remarks>
/// Keep in step: docs/formats/transition.md, tests/peers/count_identities.py, examples/python_learner.py and the golden bytes of the tests.
/// Little endian. Allocates nothing, never throws on bytes from outside.
/// </remarks>
public static class TransitionCodec
{
    /// <summary>Version of the layout, in every record.</summary>
    public const ushort Version = 1;

    /// <summary>Fixed fields before the values, bytes. A multiple of 8, so that the floats stay aligned in an aligned buffer.</summary>
    public const int HeaderLength = 120;

    /// <summary>CRC-32C at the end, bytes.</summary>
    public const int ChecksumLength = 4;

    /// <summary>Shortest record there is: one frame value, one action value.</summary>
    public const int MinRecordLength = HeaderLength + 16 + ChecksumLength;

    /// <summary>Longest record of any schema: the limit for lengths read from outside.</summary>
    public const int MaxRecordLength =
        HeaderLength + (4 * TransitionSchema.MaxFloats * sizeof(float)) + (2 * TransitionSchema.MaxImageBytes) + (3 * 64 * sizeof(float)) + ChecksumLength;

    private const TransitionFlags KnownFlags = (TransitionFlags)0x1FFF;

    static TransitionCodec()
    {
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("transition records are copied as they lie in memory: needs a little-endian processor");
    }

    /// <summary>Writes <paramref name="record"/> and returns its length in bytes.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than the schema's record: our own mistake.</exception>
    public static int Encode(TransitionRecord record, Span<byte> destination)
    {
        TransitionSchema schema = record.Schema;
        int length = record.HasFinal ? schema.FinalRecordLength : schema.RecordLength;
        if (destination.Length < length)
            throw new ArgumentException($"a record of {schema.Task} needs {length} bytes, the buffer has {destination.Length}", nameof(destination));
        Span<byte> bytes = destination[..length];
        WriteHeader(record, bytes);
        Span<byte> rest = bytes[HeaderLength..];
        rest = Put(rest, record.Frame);
        rest = Put(rest, record.Privileged);
        rest = Put(rest, record.Proposed);
        rest = Put(rest, record.Human);
        rest = Put(rest, record.Executed);
        rest = Put(rest, record.Images);
        if (record.HasFinal)
        {
            rest = Put(rest, record.FinalFrame);
            rest = Put(rest, record.FinalPrivileged);
            rest = Put(rest, record.FinalImages);
        }
        BinaryPrimitives.WriteUInt32LittleEndian(rest, Crc32C.Compute(bytes[..^ChecksumLength]));
        return length;
    }

    /// <summary>Reads the record at the start of <paramref name="bytes"/> into <paramref name="record"/>.</summary>
    /// <param name="bytes">Bytes from anywhere; may hold more than one record.</param>
    /// <param name="record">Filled only where the result is <see cref="DecodeStatus.Ok"/>.</param>
    /// <param name="length">Bytes of the record, 0 where it is not valid.</param>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> bytes, TransitionRecord record, out int length)
    {
        TransitionSchema schema = record.Schema;
        DecodeStatus status = TryPeek(bytes, schema, out TransitionHeader header);
        length = status == DecodeStatus.Ok ? header.Length : 0;
        if (status != DecodeStatus.Ok)
            return status;
        ReadHeader(bytes, header, record);
        ReadOnlySpan<byte> rest = bytes[HeaderLength..length];
        rest = Take(rest, record.Frame);
        rest = Take(rest, record.Privileged);
        rest = Take(rest, record.Proposed);
        rest = Take(rest, record.Human);
        rest = Take(rest, record.Executed);
        rest = Take(rest, record.Images);
        if (!record.HasFinal)
            return DecodeStatus.Ok;
        rest = Take(rest, record.FinalFrame);
        rest = Take(rest, record.FinalPrivileged);
        Take(rest, record.FinalImages);
        return DecodeStatus.Ok;
    }

    /// <summary>Checks the record at the start of <paramref name="bytes"/> completely (length, version, checksum, fields) without copying its values.</summary>
    /// <param name="bytes">Bytes from anywhere; may hold more than one record.</param>
    /// <param name="schema">Schema it must have; null accepts any that is in range.</param>
    /// <param name="header">Identity and flags, valid where the result is <see cref="DecodeStatus.Ok"/>.</param>
    public static DecodeStatus TryPeek(ReadOnlySpan<byte> bytes, TransitionSchema? schema, out TransitionHeader header)
    {
        header = default;
        if (bytes.Length < HeaderLength)
            return DecodeStatus.Incomplete;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length is < MinRecordLength or > MaxRecordLength)
            return DecodeStatus.BadLength;
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]) != Version)
            return DecodeStatus.BadVersion;
        // Before anything is waited for: a damaged length must not pass for a record that is still being written.
        if (schema is not null && length != schema.RecordLength && length != schema.FinalRecordLength)
            return DecodeStatus.BadLength;
        if (bytes.Length < length)
            return DecodeStatus.Incomplete;
        ReadOnlySpan<byte> record = bytes[..(int)length];
        if (BinaryPrimitives.ReadUInt32LittleEndian(record[^ChecksumLength..]) != Crc32C.Compute(record[..^ChecksumLength]))
            return DecodeStatus.BadChecksum;
        header = TransitionHeader.Read(record);
        return Check(header, schema);
    }

    private static DecodeStatus Check(in TransitionHeader header, TransitionSchema? schema)
    {
        if (schema is not null && header.SchemaHash != schema.Hash)
            return DecodeStatus.OtherSchema;
        bool ends = (header.Flags & (TransitionFlags.Terminated | TransitionFlags.Truncated)) != 0;
        bool final = (header.Flags & TransitionFlags.HasFinal) != 0;
        if (schema is not null && header.Length != (final ? schema.FinalRecordLength : schema.RecordLength))
            return DecodeStatus.BadLength;
        bool valid = (header.Flags & ~KnownFlags) == 0 && ends == final && header.Sequence != 0
            && header.Source <= ActionSource.Human && header.SafetyAction <= SafetyAction.PowerCut;
        return valid ? DecodeStatus.Ok : DecodeStatus.BadField;
    }

    private static void WriteHeader(TransitionRecord r, Span<byte> b)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(b, (uint)b.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(b[4..], Version);
        b[6] = (byte)r.Source;
        b[7] = (byte)r.SafetyAction;
        BinaryPrimitives.WriteUInt32LittleEndian(b[8..], (uint)r.Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(b[12..], (uint)r.Causes);
        BinaryPrimitives.WriteUInt64LittleEndian(b[16..], r.ClampMask);
        BinaryPrimitives.WriteUInt64LittleEndian(b[24..], r.Identity.Robot);
        BinaryPrimitives.WriteUInt64LittleEndian(b[32..], r.Identity.Boot);
        BinaryPrimitives.WriteUInt64LittleEndian(b[40..], r.Identity.Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(b[48..], r.Episode);
        BinaryPrimitives.WriteUInt32LittleEndian(b[56..], r.Step);
        BinaryPrimitives.WriteUInt32LittleEndian(b[60..], r.RewardVersion);
        BinaryPrimitives.WriteInt64LittleEndian(b[64..], r.SampleTimeNs);
        BinaryPrimitives.WriteInt64LittleEndian(b[72..], r.CommandTimeNs);
        BinaryPrimitives.WriteUInt64LittleEndian(b[80..], r.Policy.Run);
        BinaryPrimitives.WriteUInt32LittleEndian(b[88..], r.Policy.Epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(b[92..], r.Policy.Counter);
        BinaryPrimitives.WriteUInt64LittleEndian(b[96..], r.Policy.ContentHash);
        BinaryPrimitives.WriteUInt64LittleEndian(b[104..], r.Schema.Hash);
        BinaryPrimitives.WriteSingleLittleEndian(b[112..], r.Reward);
        BinaryPrimitives.WriteUInt32LittleEndian(b[116..], 0);
    }

    private static void ReadHeader(ReadOnlySpan<byte> b, in TransitionHeader header, TransitionRecord r)
    {
        r.Source = header.Source;
        r.SafetyAction = header.SafetyAction;
        r.Flags = header.Flags;
        r.Causes = (SafetyCauses)BinaryPrimitives.ReadUInt32LittleEndian(b[12..]);
        r.ClampMask = BinaryPrimitives.ReadUInt64LittleEndian(b[16..]);
        r.Identity = header.Identity;
        r.Episode = header.Episode;
        r.Step = header.Step;
        r.RewardVersion = BinaryPrimitives.ReadUInt32LittleEndian(b[60..]);
        r.SampleTimeNs = BinaryPrimitives.ReadInt64LittleEndian(b[64..]);
        r.CommandTimeNs = BinaryPrimitives.ReadInt64LittleEndian(b[72..]);
        r.Policy = new PolicyIdentity(
            BinaryPrimitives.ReadUInt64LittleEndian(b[80..]), BinaryPrimitives.ReadUInt32LittleEndian(b[88..]),
            BinaryPrimitives.ReadUInt32LittleEndian(b[92..]), BinaryPrimitives.ReadUInt64LittleEndian(b[96..]));
        r.Reward = BinaryPrimitives.ReadSingleLittleEndian(b[112..]);
    }

    private static Span<byte> Put(Span<byte> destination, ReadOnlySpan<float> values)
    {
        MemoryMarshal.AsBytes(values).CopyTo(destination);
        return destination[(values.Length * sizeof(float))..];
    }

    private static Span<byte> Put(Span<byte> destination, ReadOnlySpan<byte> values)
    {
        values.CopyTo(destination);
        return destination[values.Length..];
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> source, Span<float> values)
    {
        int length = values.Length * sizeof(float);
        source[..length].CopyTo(MemoryMarshal.AsBytes(values));
        return source[length..];
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> source, Span<byte> values)
    {
        source[..values.Length].CopyTo(values);
        return source[values.Length..];
    }
}
