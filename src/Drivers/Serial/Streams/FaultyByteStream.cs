using Robotics.Core;

namespace Robotics.Drivers.Serial;

/// <summary>A link with faults that can be changed while it runs. Faults act on both directions, repeatably from the seed.</summary>
public sealed class FaultyByteStream : IByteStream
{
    private const int DelayCapacity = 1 << 16;
    private const int MaxDelayedChunks = 1024;
    private readonly IByteStream _inner;
    private readonly IClock _clock;
    private readonly SeededRandom _random;
    private readonly byte[] _scratch = new byte[8192];
    private readonly ByteRing _delayed = new(DelayCapacity);
    private readonly Queue<(long DueNs, int Count)> _due = new(MaxDelayedChunks);

    /// <summary>Wraps <paramref name="inner"/>, which this stream then owns.</summary>
    public FaultyByteStream(IByteStream inner, IClock clock, ulong seed)
    {
        _inner = inner ?? throw new ArgumentNullException(nameof(inner));
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _random = new SeededRandom(seed, "serial-faults");
    }

    /// <summary>Faults in force; replace the record to change them.</summary>
    public StreamFaults Faults { get; set; } = new();

    /// <inheritdoc/>
    public string Name => _inner.Name;

    /// <inheritdoc/>
    public StreamStatus TryRead(Span<byte> buffer, out int count)
    {
        count = 0;
        if (Faults.Unplugged)
            return StreamStatus.Lost;
        StreamStatus status = _inner.TryRead(_scratch.AsSpan(0, Math.Min(_scratch.Length, _delayed.Free)), out int n);
        int kept = Spoil(_scratch.AsSpan(0, n));
        if (kept > 0 && _due.Count < MaxDelayedChunks)
        {
            _delayed.Add(_scratch.AsSpan(0, kept));
            _due.Enqueue((_clock.NowNs + Faults.DelayNs, kept));
        }
        while (count < buffer.Length && _due.TryPeek(out (long DueNs, int Count) next) && next.DueNs <= _clock.NowNs)
            count += TakeDue(buffer[count..], next);
        if (count > 0)
            return StreamStatus.Ok;
        return status == StreamStatus.Lost ? StreamStatus.Lost : StreamStatus.Idle;
    }

    /// <inheritdoc/>
    public StreamStatus TryWrite(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        if (Faults.Unplugged)
            return StreamStatus.Lost;
        if (Faults.BufferFull)
            return StreamStatus.Idle;
        int n = Math.Min(bytes.Length, _scratch.Length);
        int copies = _random.NextDouble() < Faults.Duplicate ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            bytes[..n].CopyTo(_scratch);
            int kept = Spoil(_scratch.AsSpan(0, n));
            if (kept > 0 && _inner.TryWrite(_scratch.AsSpan(0, kept), out _) == StreamStatus.Lost)
                return StreamStatus.Lost;
        }
        count = n; // the sender cannot know what the line did to its bytes
        return StreamStatus.Ok;
    }

    /// <inheritdoc/>
    public bool Wait(int timeoutMs) => !Faults.Unplugged && _inner.Wait(timeoutMs);

    /// <inheritdoc/>
    public void Dispose() => _inner.Dispose();

    private int TakeDue(Span<byte> buffer, (long DueNs, int Count) next)
    {
        int n = _delayed.Take(buffer[..Math.Min(buffer.Length, next.Count)]);
        if (n < next.Count)
        {
            // A Queue has no replace-front; rotate the shortened chunk through.
            int others = _due.Count - 1;
            _due.Dequeue();
            _due.Enqueue((next.DueNs, next.Count - n));
            for (int i = 0; i < others; i++)
                _due.Enqueue(_due.Dequeue());
        }
        else
        {
            _due.Dequeue();
        }
        return n;
    }

    private int Spoil(Span<byte> bytes)
    {
        StreamFaults f = Faults;
        if (f.ByteLoss == 0 && f.BitError == 0 && !f.WrongBaud)
            return bytes.Length;
        int kept = 0;
        foreach (byte original in bytes)
        {
            if (_random.NextDouble() < f.ByteLoss)
                continue;
            byte b = original;
            for (int bit = 0; f.BitError > 0 && bit < 8; bit++)
            {
                if (_random.NextDouble() < f.BitError)
                    b ^= (byte)(1 << bit);
            }
            // Sampling a frame at another rate yields a byte correlated with the true one in no useful way.
            bytes[kept++] = f.WrongBaud ? (byte)(b ^ (byte)_random.NextInt(256)) : b;
        }
        return kept;
    }
}
