using Robotics.Core;

namespace Robotics.Experience.Tests;

/// <summary>Transitions with recognisable content for the tests of this room.</summary>
internal static class Transitions
{
    public static TransitionSchema Schema { get; } = new("hover", 0x1122334455667788, 3, 2, 2, 4);

    public static void Fill(TransitionRecord record, ulong sequence, ulong boot = 9, bool last = false)
    {
        record.Clear();
        record.Identity = new TransitionIdentity(7, boot, sequence);
        record.Episode = sequence / 10;
        record.Step = (uint)(sequence % 10);
        record.Flags = TransitionFlags.HasProposed | TransitionFlags.HasPrivileged | TransitionFlags.HasReward;
        if (last)
            record.Flags |= TransitionFlags.Truncated | TransitionFlags.HasFinal;
        record.Source = ActionSource.Policy;
        record.SafetyAction = SafetyAction.Clamp;
        record.Causes = SafetyCauses.Envelope | SafetyCauses.Rate;
        record.ClampMask = 5;
        record.Policy = new PolicyIdentity(1, 2, 3, 4);
        record.Reward = 0.5f;
        record.RewardVersion = 6;
        record.SampleTimeNs = (long)sequence * 10_000_000;
        record.CommandTimeNs = record.SampleTimeNs + 1000;
        Fill(record.Frame, sequence);
        Fill(record.Privileged, sequence + 100);
        Fill(record.Proposed, sequence + 200);
        Fill(record.Human, sequence + 300);
        Fill(record.Executed, sequence + 400);
        Fill(record.FinalFrame, sequence + 500);
        Fill(record.FinalPrivileged, sequence + 600);
    }

    public static byte[] Encode(ulong sequence, ulong boot = 9, bool last = false)
    {
        var record = new TransitionRecord(Schema);
        Fill(record, sequence, boot, last);
        var bytes = new byte[Schema.FinalRecordLength];
        int length = TransitionCodec.Encode(record, bytes);
        return bytes[..length];
    }

    public static byte[] Mcap(int transitions)
    {
        using var file = new MemoryStream();
        using (var writer = new McapWriter(file, Schema))
        {
            var record = new TransitionRecord(Schema);
            for (ulong sequence = 1; sequence <= (ulong)transitions; sequence++)
            {
                Fill(record, sequence);
                writer.Write(record);
            }
        }
        return file.ToArray();
    }

    public static long CountMcap(ReadOnlySpan<byte> bytes, out McapStatus status)
    {
        using var stream = new MemoryStream(bytes.ToArray());
        var reader = new McapReader(stream);
        long count = 0;
        while ((status = reader.TryRead(out McapMessage message)) == McapStatus.Ok)
        {
            count++;
            Assert.Equal(("/robotics/transition", "cdr", (uint)count), (message.Topic, message.Encoding, message.Sequence));
        }
        return count;
    }

    private static void Fill(Span<float> values, ulong start)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = start + (i * 0.25f);
    }
}
