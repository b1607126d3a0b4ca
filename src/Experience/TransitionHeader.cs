using System.Buffers.Binary;
using Robotics.Core;

namespace Robotics.Experience;

/// <summary>The fields of a record that the path needs to route it, without its values.</summary>
/// <param name="Length">Length of the whole record, bytes.</param>
/// <param name="Flags">What happened in the step.</param>
/// <param name="Robot">The robot.</param>
/// <param name="Boot">The start of its control process.</param>
/// <param name="Sequence">Number within the boot, from 1.</param>
/// <param name="Episode">Number of the episode within the boot.</param>
/// <param name="Step">Number of the step within the episode.</param>
/// <param name="SchemaHash">Schema it was written under.</param>
/// <param name="Source">Whose action was executed.</param>
/// <param name="SafetyAction">Most severe safety action of the step.</param>
public readonly record struct TransitionHeader(
    int Length, TransitionFlags Flags, ulong Robot, ulong Boot, ulong Sequence, ulong Episode, uint Step, ulong SchemaHash,
    ActionSource Source, SafetyAction SafetyAction)
{
    /// <summary>Which transition this is.</summary>
    public TransitionIdentity Identity => new(Robot, Boot, Sequence);

    /// <summary>Reads the fields without judging them; <paramref name="record"/> is at least <see cref="TransitionCodec.HeaderLength"/> long.</summary>
    internal static TransitionHeader Read(ReadOnlySpan<byte> record) => new(
        BinaryPrimitives.ReadInt32LittleEndian(record),
        (TransitionFlags)BinaryPrimitives.ReadUInt32LittleEndian(record[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(record[24..]),
        BinaryPrimitives.ReadUInt64LittleEndian(record[32..]),
        BinaryPrimitives.ReadUInt64LittleEndian(record[40..]),
        BinaryPrimitives.ReadUInt64LittleEndian(record[48..]),
        BinaryPrimitives.ReadUInt32LittleEndian(record[56..]),
        BinaryPrimitives.ReadUInt64LittleEndian(record[104..]),
        (ActionSource)record[6],
        (SafetyAction)record[7]);
}
