namespace Robotics.Drivers.Ros2;

/// <summary>The newest numbers of one topic, handed from the receiving thread to the control thread without a lock (a sequence lock).</summary>
/// <remarks>One writer, one reader. The reader never waits: where the writer is in the middle, it keeps what it had.</remarks>
internal sealed class TopicCell(int length)
{
    private const int Attempts = 4; // a write takes well below a microsecond; four misses mean the writer was preempted
    private readonly float[] _values = new float[length];
    private long _sampleNs;
    private long _receivedNs;
    private long _version; // odd while being written

    /// <summary>Changes with every write; 0 before the first.</summary>
    public long Version => Volatile.Read(ref _version) & ~1L;

    /// <summary>Stores a message's numbers.</summary>
    public void Write(ReadOnlySpan<float> values, long sampleNs, long receivedNs)
    {
        long version = _version;
        Volatile.Write(ref _version, version + 1);
        Thread.MemoryBarrier(); // the odd version must be seen before any of the values; pairs with the barrier in TryRead
        values.CopyTo(_values);
        _sampleNs = sampleNs;
        _receivedNs = receivedNs;
        Volatile.Write(ref _version, version + 2);
    }

    /// <summary>Copies the newest numbers where they are newer than <paramref name="seen"/>.</summary>
    /// <returns>The version copied, or <paramref name="seen"/> where nothing new could be had.</returns>
    public long TryRead(long seen, Span<float> values, out long sampleNs, out long receivedNs)
    {
        sampleNs = 0;
        receivedNs = 0;
        for (int i = 0; i < Attempts; i++)
        {
            long before = Volatile.Read(ref _version);
            if (before == seen)
                return seen;
            if ((before & 1) != 0)
                continue;
            _values.CopyTo(values);
            sampleNs = _sampleNs;
            receivedNs = _receivedNs;
            Thread.MemoryBarrier(); // the copies before the second look
            if (Volatile.Read(ref _version) == before)
                return before;
        }
        return seen;
    }
}
