using Robotics.Core;
using Robotics.Tests.Shared;

namespace Robotics.Experience.Tests;

public sealed class TransitionCodecTests
{
    [Fact]
    public void Compute_CheckString_GivesThePublishedCrc32C() =>
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8)); // check value of CRC-32C in RFC 3720 and the CRC catalogue

    // Written down once from docs/formats/transition.md with a Python program (struct.pack and a bitwise CRC-32C), not from this code's output.
    // Three lanes from 3,072 bytes on: every seam, against the definition bit by bit.
    [Fact]
    public void Compute_AnyLength_EqualsTheDefinition()
    {
        var bytes = new byte[10_000];
        var random = new SeededRandom(1, "crc");
        foreach (ref byte b in bytes.AsSpan())
            b = (byte)random.NextInt(256);
        uint state = uint.MaxValue;
        for (int length = 0; length < bytes.Length; length++)
        {
            if (length % 512 < 9)
                Assert.Equal(~state, Crc32C.Compute(bytes.AsSpan(0, length)));
            state ^= bytes[length];
            for (int bit = 0; bit < 8; bit++)
                state = (state & 1) != 0 ? (state >> 1) ^ 0x82F63B78 : state >> 1;
        }
    }

    [Fact]
    public void Encode_KnownRecord_GivesTheGoldenBytes() =>
        Assert.Equal(Golden.Transition, Convert.ToHexStringLower(Transitions.Encode(12, last: true)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryDecode_Encoded_GivesEveryFieldBack(bool last)
    {
        byte[] bytes = Transitions.Encode(12, last: last);
        var expected = new TransitionRecord(Transitions.Schema);
        Transitions.Fill(expected, 12, last: last);
        var actual = new TransitionRecord(Transitions.Schema);
        Assert.Equal(DecodeStatus.Ok, TransitionCodec.TryDecode(bytes, actual, out int length));
        Assert.Equal(bytes.Length, length);
        Assert.Equal(
            (expected.Identity, expected.Episode, expected.Step, expected.Flags, expected.Source, expected.SafetyAction, expected.Causes),
            (actual.Identity, actual.Episode, actual.Step, actual.Flags, actual.Source, actual.SafetyAction, actual.Causes));
        Assert.Equal(
            (expected.ClampMask, expected.Policy, expected.Reward, expected.RewardVersion, expected.SampleTimeNs, expected.CommandTimeNs),
            (actual.ClampMask, actual.Policy, actual.Reward, actual.RewardVersion, actual.SampleTimeNs, actual.CommandTimeNs));
        Assert.True(expected.Frame.SequenceEqual(actual.Frame));
        Assert.True(expected.Privileged.SequenceEqual(actual.Privileged));
        Assert.True(expected.Proposed.SequenceEqual(actual.Proposed));
        Assert.True(expected.Human.SequenceEqual(actual.Human));
        Assert.True(expected.Executed.SequenceEqual(actual.Executed));
        Assert.Equal(last, expected.FinalFrame.SequenceEqual(actual.FinalFrame));
        Assert.Equal(last, expected.FinalPrivileged.SequenceEqual(actual.FinalPrivileged));
    }

    [Fact]
    public void TryDecode_AnySingleBitFlipped_IsRefused()
    {
        byte[] bytes = Transitions.Encode(12, last: true);
        var record = new TransitionRecord(Transitions.Schema);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(DecodeStatus.Ok, TransitionCodec.TryDecode(bytes, record, out _));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void TryDecode_CutAnywhere_IsIncomplete()
    {
        byte[] bytes = Transitions.Encode(12, last: true);
        var record = new TransitionRecord(Transitions.Schema);
        for (int length = 0; length < bytes.Length; length++)
            Assert.Equal(DecodeStatus.Incomplete, TransitionCodec.TryDecode(bytes.AsSpan(0, length), record, out _));
    }

    [Fact]
    public void TryDecode_OtherSchema_IsNamed()
    {
        var other = new TransitionRecord(new TransitionSchema("land", 1, 3, 2, 2, 4));
        Assert.Equal(DecodeStatus.OtherSchema, TransitionCodec.TryDecode(Transitions.Encode(12), other, out _));
    }

    [Fact]
    public void TryDecode_ContradictoryFlags_IsRefused()
    {
        var record = new TransitionRecord(Transitions.Schema);
        Transitions.Fill(record, 12);
        record.Flags |= TransitionFlags.Terminated; // without the final observation
        var bytes = new byte[Transitions.Schema.FinalRecordLength];
        TransitionCodec.Encode(record, bytes);
        Assert.Equal(DecodeStatus.BadField, TransitionCodec.TryDecode(bytes, record, out _));
    }

    [Fact]
    public void EncodeAndTryDecode_AfterWarmUp_AllocateNothing()
    {
        var record = new TransitionRecord(Transitions.Schema);
        Transitions.Fill(record, 12, last: true);
        var bytes = new byte[Transitions.Schema.FinalRecordLength];
        AllocationGuard.AssertNone(() =>
        {
            TransitionCodec.Encode(record, bytes);
            TransitionCodec.TryDecode(bytes, record, out _);
        });
    }

    [Fact]
    public void SchemaTryParse_ItsOwnDescription_GivesAnEqualSchema()
    {
        Assert.True(TransitionSchema.TryParse(Transitions.Schema.Description, out TransitionSchema? parsed));
        Assert.Equal(Transitions.Schema, parsed);
        Assert.Equal(Transitions.Schema.Hash, parsed!.Hash);
    }

    [Fact]
    public void SchemaTryParse_HostileLengths_IsRefused()
    {
        byte[] description = Transitions.Schema.Description.ToArray();
        for (int i = 0; i < 24; i++)
        {
            byte[] hostile = [.. description];
            hostile[i] = 0xFF;
            if (TransitionSchema.TryParse(hostile, out TransitionSchema? schema))
                Assert.True(schema!.FinalRecordLength <= TransitionCodec.MaxRecordLength);
        }
        Assert.False(TransitionSchema.TryParse(description.AsSpan(0, 33), out _));
    }
}
