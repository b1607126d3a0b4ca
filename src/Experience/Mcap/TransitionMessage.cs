using System.Runtime.InteropServices;
using Robotics.Core;

namespace Robotics.Experience;

/// <summary>The ROS 2 message a transition becomes in an MCAP file: its text definition and its CDR form. Keep both in step.</summary>
internal static class TransitionMessage
{
    public const string TypeName = "robotics_msgs/msg/Transition";

    public const string Definition = """
        # One policy step; meaning and units: docs/formats/transition.md
        uint64 robot
        uint64 boot
        uint64 sequence
        uint64 episode
        uint32 step
        uint32 flags
        uint8 source
        uint8 safety_action
        uint32 safety_causes
        uint64 clamp_mask
        int64 sample_time_ns
        int64 command_time_ns
        uint64 policy_run
        uint32 policy_epoch
        uint32 policy_counter
        uint64 policy_content
        float32 reward
        uint32 reward_version
        float32[] frame
        float32[] privileged
        float32[] proposed
        float32[] human
        float32[] executed
        uint8[] images
        float32[] final_frame
        float32[] final_privileged
        uint8[] final_images

        """;

    public static void Write(TransitionRecord r, McapBuffer b)
    {
        b.Bytes([0, 1, 0, 0]); // CDR, little endian
        b.Origin = b.Length;
        b.CdrU64(r.Identity.Robot);
        b.CdrU64(r.Identity.Boot);
        b.CdrU64(r.Identity.Sequence);
        b.CdrU64(r.Episode);
        b.CdrU32(r.Step);
        b.CdrU32((uint)r.Flags);
        b.U8((byte)r.Source);
        b.U8((byte)r.SafetyAction);
        b.CdrU32((uint)r.Causes);
        b.CdrU64(r.ClampMask);
        b.CdrU64((ulong)r.SampleTimeNs);
        b.CdrU64((ulong)r.CommandTimeNs);
        b.CdrU64(r.Policy.Run);
        b.CdrU32(r.Policy.Epoch);
        b.CdrU32(r.Policy.Counter);
        b.CdrU64(r.Policy.ContentHash);
        b.CdrU32(BitConverter.SingleToUInt32Bits(r.Reward));
        b.CdrU32(r.RewardVersion);
        b.CdrFloats(r.Frame);
        b.CdrFloats(r.Privileged);
        b.CdrFloats(r.Proposed);
        b.CdrFloats(r.Human);
        b.CdrFloats(r.Executed);
        b.CdrBytes(r.Images);
        b.CdrFloats(r.HasFinal ? r.FinalFrame : default);
        b.CdrFloats(r.HasFinal ? r.FinalPrivileged : default);
        b.CdrBytes(r.HasFinal ? r.FinalImages : default);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; false where it is not that, or not of the record's schema.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, TransitionRecord r)
    {
        r.Clear();
        if (data.Length < 4 || !data[..4].SequenceEqual((ReadOnlySpan<byte>)[0, 1, 0, 0]))
            return false;
        var c = new ByteCursor(data[4..]);
        r.Identity = new TransitionIdentity(c.CdrU64(), c.CdrU64(), c.CdrU64());
        r.Episode = c.CdrU64();
        r.Step = c.CdrU32();
        r.Flags = (TransitionFlags)c.CdrU32();
        r.Source = (ActionSource)c.U8();
        r.SafetyAction = (SafetyAction)c.U8();
        r.Causes = (SafetyCauses)c.CdrU32();
        r.ClampMask = c.CdrU64();
        r.SampleTimeNs = (long)c.CdrU64();
        r.CommandTimeNs = (long)c.CdrU64();
        r.Policy = new PolicyIdentity(c.CdrU64(), c.CdrU32(), c.CdrU32(), c.CdrU64());
        r.Reward = BitConverter.UInt32BitsToSingle(c.CdrU32());
        r.RewardVersion = c.CdrU32();
        ReadValues(ref c, r);
        return !c.Failed && c.AtEnd;
    }

    private static void ReadValues(ref ByteCursor c, TransitionRecord r)
    {
        c.CdrValues(MemoryMarshal.AsBytes(r.Frame), sizeof(float));
        c.CdrValues(MemoryMarshal.AsBytes(r.Privileged), sizeof(float));
        c.CdrValues(MemoryMarshal.AsBytes(r.Proposed), sizeof(float));
        c.CdrValues(MemoryMarshal.AsBytes(r.Human), sizeof(float));
        c.CdrValues(MemoryMarshal.AsBytes(r.Executed), sizeof(float));
        c.CdrValues(r.Images, 1);
        c.CdrValues(r.HasFinal ? MemoryMarshal.AsBytes(r.FinalFrame) : default, sizeof(float));
        c.CdrValues(r.HasFinal ? MemoryMarshal.AsBytes(r.FinalPrivileged) : default, sizeof(float));
        c.CdrValues(r.HasFinal ? r.FinalImages : default, 1);
    }
}
