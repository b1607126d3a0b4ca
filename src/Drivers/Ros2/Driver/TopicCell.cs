namespace Robotics.Drivers.Ros2;

/// <summary>The newest numbers of one topic, handed from the receiving thread to the control thread without a lock.</summary>
/// <remarks>One writer, one reader. Two slots in turn, each a sequence lock: a control thread that interrupts the writer in the middle of a
/// message reads the message before it at once, instead of waiting for a thread that cannot run, or of flying a whole period on what it had.</remarks>
internal sealed class TopicCell(int length)
{
    private const int Attempts = 4; // overtaken twice in the nanoseconds of a copy, four times in a row: then it keeps what it had
    private readonly Slot[] _slots = [new(length), new(length)];
    private long _published;

    /// <summary>Number of messages stored.</summary>
    public long Version => Volatile.Read(ref _published);

    /// <summary>Stores a message's numbers.</summary>
    public void Write(ReadOnlySpan<float> values, long sampleNs, long receivedNs)
    {
        long next = _published + 1;
        Slot slot = _slots[next & 1];
        Volatile.Write(ref slot.Sequence, 0); // being written
        Thread.MemoryBarrier(); // the mark must be seen before any of the values; pairs with the barrier in TryRead
        values.CopyTo(slot.Values);
        slot.SampleNs = sampleNs;
        slot.ReceivedNs = receivedNs;
        Volatile.Write(ref slot.Sequence, next);
        Volatile.Write(ref _published, next);
    }

    /// <summary>Copies the newest numbers where they are newer than <paramref name="seen"/>.</summary>
    /// <returns>The version copied, or <paramref name="seen"/> where nothing new could be had.</returns>
    public long TryRead(long seen, Span<float> values, out long sampleNs, out long receivedNs)
    {
        sampleNs = 0;
        receivedNs = 0;
        for (int i = 0; i < Attempts; i++)
        {
            long published = Volatile.Read(ref _published);
            if (published == seen)
                return seen;
            Slot slot = _slots[published & 1];
            if (Volatile.Read(ref slot.Sequence) != published)
                continue;
            slot.Values.CopyTo(values);
            sampleNs = slot.SampleNs;
            receivedNs = slot.ReceivedNs;
            Thread.MemoryBarrier(); // the copies before the second look
            if (Volatile.Read(ref slot.Sequence) == published)
                return published;
        }
        return seen;
    }

    private sealed class Slot(int length)
    {
        public readonly float[] Values = new float[length];
        public long Sequence;
        public long SampleNs;
        public long ReceivedNs;
    }
}
