using System.Runtime.InteropServices;
using System.Text;
using Robotics.Core;

namespace Robotics.Experience;

/// <summary>The self-describing form of a transition for peers in other languages: a MessagePack map. Layout: docs/formats/transition.md.</summary>
/// <remarks>Numbers by name; each vector is a bin of little-endian f32, which numpy and typed arrays take as it is. Nothing here allocates or throws on bytes from outside.</remarks>
public static class TransitionMessagePack
{
    private const int Pairs = 23, FinalPairs = 3;
    private const int NamesAndNumbers = 600; // all keys, heads and numbers at their longest come to 480 bytes

    /// <summary>Bytes that always suffice for one transition of <paramref name="schema"/>.</summary>
    public static int MaxLength(TransitionSchema schema) => (schema ?? throw new ArgumentNullException(nameof(schema))).FinalRecordLength + NamesAndNumbers;

    /// <summary>Writes <paramref name="record"/>.</summary>
    /// <returns>Bytes written; 0 where <paramref name="destination"/> is too short.</returns>
    public static int Encode(TransitionRecord record, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(record);
        var w = new MessagePackWriter(destination);
        w.WriteMapHeader(record.HasFinal ? Pairs + FinalPairs : Pairs);
        Put(ref w, "robot"u8, record.Identity.Robot);
        Put(ref w, "boot"u8, record.Identity.Boot);
        Put(ref w, "sequence"u8, record.Identity.Sequence);
        Put(ref w, "episode"u8, record.Episode);
        Put(ref w, "step"u8, record.Step);
        Put(ref w, "flags"u8, (uint)record.Flags);
        Put(ref w, "source"u8, (byte)record.Source);
        Put(ref w, "safety_action"u8, (byte)record.SafetyAction);
        Put(ref w, "safety_causes"u8, (uint)record.Causes);
        Put(ref w, "clamp_mask"u8, record.ClampMask);
        Put(ref w, "sample_time_ns"u8, record.SampleTimeNs);
        Put(ref w, "command_time_ns"u8, record.CommandTimeNs);
        w.WriteString("policy"u8);
        w.WriteArrayHeader(4);
        w.Write(record.Policy.Run);
        w.Write((ulong)record.Policy.Epoch);
        w.Write((ulong)record.Policy.Counter);
        w.Write(record.Policy.ContentHash);
        Put(ref w, "schema"u8, record.Schema.Hash);
        w.WriteString("reward"u8);
        w.Write(record.Reward);
        Put(ref w, "reward_version"u8, record.RewardVersion);
        PutValues(ref w, record);
        return w.Failed ? 0 : w.Length;
    }

    /// <summary>Reads the map at the start of <paramref name="bytes"/>. Unknown keys are stepped over, so that a peer may add its own.</summary>
    /// <param name="bytes">Bytes from anywhere; may hold more than one map.</param>
    /// <param name="record">Its schema decides; of no use where the result is not <see cref="DecodeStatus.Ok"/>.</param>
    /// <param name="length">Bytes of the map.</param>
    /// <returns>Ok where every field was there once in its shape; the fields' ranges are judged by <see cref="TransitionCodec.TryPeek"/> after encoding.</returns>
    public static DecodeStatus TryDecode(ReadOnlySpan<byte> bytes, TransitionRecord record, out int length)
    {
        ArgumentNullException.ThrowIfNull(record);
        record.Clear();
        var r = new MessagePackReader(bytes);
        int pairs = r.ReadMapHeader(), known = 0;
        DecodeStatus status = DecodeStatus.Ok;
        for (int i = 0; i < pairs && !r.Failed && status == DecodeStatus.Ok; i++)
            status = Take(ref r, r.ReadString(), record, ref known);
        length = r.Consumed;
        if (r.Failed)
            return DecodeStatus.BadField;
        if (status != DecodeStatus.Ok)
            return status;
        return known == (record.HasFinal ? Pairs + FinalPairs : Pairs) - 1 ? DecodeStatus.Ok : DecodeStatus.BadField;
    }

    private static void PutValues(ref MessagePackWriter w, TransitionRecord record)
    {
        Put(ref w, "frame"u8, record.Frame);
        Put(ref w, "privileged"u8, record.Privileged);
        Put(ref w, "proposed"u8, record.Proposed);
        Put(ref w, "human"u8, record.Human);
        Put(ref w, "executed"u8, record.Executed);
        w.WriteString("images"u8);
        w.Write(record.Images);
        w.WriteString("task"u8);
        Span<byte> name = stackalloc byte[TransitionSchema.MaxTaskName];
        w.WriteString(name[..Encoding.UTF8.GetBytes(record.Schema.Task, name)]);
        if (!record.HasFinal)
            return;
        Put(ref w, "final_frame"u8, record.FinalFrame);
        Put(ref w, "final_privileged"u8, record.FinalPrivileged);
        w.WriteString("final_images"u8);
        w.Write(record.FinalImages);
    }

    // `known` counts the fields seen, so that a missing one shows; "task" is for people and not counted. A field given twice makes the count wrong, too.
    private static DecodeStatus Take(ref MessagePackReader r, ReadOnlySpan<byte> key, TransitionRecord record, ref int known)
    {
        known++;
        TransitionIdentity id = record.Identity;
        switch (key.Length)
        {
            case 5 when key.SequenceEqual("robot"u8): record.Identity = id with { Robot = r.ReadUInt64() }; break;
            case 4 when key.SequenceEqual("boot"u8): record.Identity = id with { Boot = r.ReadUInt64() }; break;
            case 8 when key.SequenceEqual("sequence"u8): record.Identity = id with { Sequence = r.ReadUInt64() }; break;
            case 7 when key.SequenceEqual("episode"u8): record.Episode = r.ReadUInt64(); break;
            case 4 when key.SequenceEqual("step"u8): record.Step = U32(ref r); break;
            case 5 when key.SequenceEqual("flags"u8): record.Flags = (TransitionFlags)U32(ref r); break;
            case 6 when key.SequenceEqual("source"u8): record.Source = (ActionSource)U8(ref r); break;
            case 13 when key.SequenceEqual("safety_action"u8): record.SafetyAction = (SafetyAction)U8(ref r); break;
            case 13 when key.SequenceEqual("safety_causes"u8): record.Causes = (SafetyCauses)U32(ref r); break;
            case 10 when key.SequenceEqual("clamp_mask"u8): record.ClampMask = r.ReadUInt64(); break;
            case 14 when key.SequenceEqual("sample_time_ns"u8): record.SampleTimeNs = r.ReadInt64(); break;
            case 15 when key.SequenceEqual("command_time_ns"u8): record.CommandTimeNs = r.ReadInt64(); break;
            case 6 when key.SequenceEqual("policy"u8): return TakePolicy(ref r, record);
            case 6 when key.SequenceEqual("schema"u8): return r.ReadUInt64() == record.Schema.Hash ? DecodeStatus.Ok : DecodeStatus.OtherSchema;
            case 6 when key.SequenceEqual("reward"u8): record.Reward = (float)r.ReadDouble(); break;
            case 14 when key.SequenceEqual("reward_version"u8): record.RewardVersion = U32(ref r); break;
            default: return TakeValues(ref r, key, record, ref known);
        }
        return DecodeStatus.Ok;
    }

    private static DecodeStatus TakeValues(ref MessagePackReader r, ReadOnlySpan<byte> key, TransitionRecord record, ref int known)
    {
        if (key.SequenceEqual("frame"u8))
            return Copy(r.ReadBytes(), MemoryMarshal.AsBytes(record.Frame));
        if (key.SequenceEqual("privileged"u8))
            return Copy(r.ReadBytes(), MemoryMarshal.AsBytes(record.Privileged));
        if (key.SequenceEqual("proposed"u8))
            return Copy(r.ReadBytes(), MemoryMarshal.AsBytes(record.Proposed));
        if (key.SequenceEqual("human"u8))
            return Copy(r.ReadBytes(), MemoryMarshal.AsBytes(record.Human));
        if (key.SequenceEqual("executed"u8))
            return Copy(r.ReadBytes(), MemoryMarshal.AsBytes(record.Executed));
        if (key.SequenceEqual("images"u8))
            return Copy(r.ReadBytes(), record.Images);
        if (key.SequenceEqual("final_frame"u8))
            return Copy(r.ReadBytes(), MemoryMarshal.AsBytes(record.FinalFrame));
        if (key.SequenceEqual("final_privileged"u8))
            return Copy(r.ReadBytes(), MemoryMarshal.AsBytes(record.FinalPrivileged));
        if (key.SequenceEqual("final_images"u8))
            return Copy(r.ReadBytes(), record.FinalImages);
        known--;
        r.Skip();
        return DecodeStatus.Ok;
    }

    private static DecodeStatus TakePolicy(ref MessagePackReader r, TransitionRecord record)
    {
        if (r.ReadArrayHeader() != 4)
            return DecodeStatus.BadField;
        record.Policy = new PolicyIdentity(r.ReadUInt64(), U32(ref r), U32(ref r), r.ReadUInt64());
        return DecodeStatus.Ok;
    }

    private static DecodeStatus Copy(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (source.Length != destination.Length)
            return DecodeStatus.BadLength;
        source.CopyTo(destination);
        return DecodeStatus.Ok;
    }

    // Beyond the type's range is as wrong as not there: a value that the check of the record refuses.
    private static uint U32(ref MessagePackReader r) => (uint)Math.Min(r.ReadUInt64(), uint.MaxValue);

    private static byte U8(ref MessagePackReader r) => (byte)Math.Min(r.ReadUInt64(), byte.MaxValue);

    private static void Put(ref MessagePackWriter w, ReadOnlySpan<byte> key, ulong value)
    {
        w.WriteString(key);
        w.Write(value);
    }

    private static void Put(ref MessagePackWriter w, ReadOnlySpan<byte> key, long value)
    {
        w.WriteString(key);
        w.Write(value);
    }

    private static void Put(ref MessagePackWriter w, ReadOnlySpan<byte> key, ReadOnlySpan<float> values)
    {
        w.WriteString(key);
        w.Write(MemoryMarshal.AsBytes(values));
    }
}
