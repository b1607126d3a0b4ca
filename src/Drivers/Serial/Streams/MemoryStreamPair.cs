namespace Robotics.Drivers.Serial;

/// <summary>Two joined byte streams in memory, for lockstep runs and tests: what one end writes the other reads.</summary>
/// <remarks>One thread drives both ends. A full direction reports <see cref="StreamStatus.Idle"/>, as a full transmit buffer does.</remarks>
public sealed class MemoryStreamPair
{
    /// <summary>A pair whose directions hold <paramref name="capacity"/> bytes each.</summary>
    public MemoryStreamPair(int capacity = 65536)
    {
        var toDevice = new ByteRing(capacity);
        var toHost = new ByteRing(capacity);
        Host = new MemoryByteStream("memory:host", toHost, toDevice);
        Device = new MemoryByteStream("memory:device", toDevice, toHost);
    }

    /// <summary>The driver's end.</summary>
    public IByteStream Host { get; }

    /// <summary>The emulator's end.</summary>
    public IByteStream Device { get; }

    private sealed class MemoryByteStream(string name, ByteRing incoming, ByteRing outgoing) : IByteStream
    {
        private bool _closed;

        public string Name => name;

        public StreamStatus TryRead(Span<byte> buffer, out int count)
        {
            count = incoming.Take(buffer);
            if (count > 0)
                return StreamStatus.Ok;
            return _closed || incoming.Closed ? StreamStatus.Lost : StreamStatus.Idle;
        }

        public StreamStatus TryWrite(ReadOnlySpan<byte> bytes, out int count)
        {
            count = 0;
            if (_closed || outgoing.Closed)
                return StreamStatus.Lost;
            count = outgoing.Add(bytes);
            return count > 0 ? StreamStatus.Ok : StreamStatus.Idle;
        }

        public bool Wait(int timeoutMs) => incoming.Count > 0;

        public void Dispose()
        {
            _closed = true;
            incoming.Closed = true;
            outgoing.Closed = true;
        }
    }
}
