namespace Robotics.Drivers.Serial;

/// <summary>A link that comes back: after the stream is lost a worker thread reopens the same endpoint until it answers again.</summary>
/// <remarks>Opening a device blocks and allocates, so it never happens on the tick: the control thread only sees
/// <see cref="StreamStatus.Lost"/> until the worker hands a new stream over. <see cref="Generation"/> tells the protocol above that the
/// link is a new one: everything it knew about the device must be asked again before it may arm.</remarks>
public sealed class ReplugByteStream : IByteStream
{
    private const int RetryMs = 200; // USB re-enumeration takes about 0.3-1 s; five looks a second cost nothing
    private readonly Func<IByteStream> _open;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _worker;
    private IByteStream? _current;
    private IByteStream? _lost;
    private volatile bool _closing;
    private int _generation = 1;

    /// <summary>Opens once now, so that a wrong path is an error at the start, and reopens with <paramref name="open"/> later.</summary>
    /// <exception cref="IOException">The first opening failed.</exception>
    public ReplugByteStream(Func<IByteStream> open)
    {
        _open = open ?? throw new ArgumentNullException(nameof(open));
        _current = open();
        Name = _current.Name;
        _worker = new Thread(Reopen) { IsBackground = true, Name = "serial-reopen" };
        _worker.Start();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>1 for the first opening, one more for every reopening.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <inheritdoc/>
    public StreamStatus TryRead(Span<byte> buffer, out int count)
    {
        count = 0;
        IByteStream? stream = Volatile.Read(ref _current); // pairs with Volatile.Write in Reopen
        if (stream is null)
            return StreamStatus.Lost;
        StreamStatus status = stream.TryRead(buffer, out count);
        return status == StreamStatus.Lost ? GiveUp(stream) : status;
    }

    /// <inheritdoc/>
    public StreamStatus TryWrite(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        IByteStream? stream = Volatile.Read(ref _current);
        if (stream is null)
            return StreamStatus.Lost;
        StreamStatus status = stream.TryWrite(bytes, out count);
        return status == StreamStatus.Lost ? GiveUp(stream) : status;
    }

    /// <inheritdoc/>
    public bool Wait(int timeoutMs) => Volatile.Read(ref _current)?.Wait(timeoutMs) ?? false;

    /// <inheritdoc/>
    public void Dispose()
    {
        _closing = true;
        _wake.Set();
        _worker.Join();
        _current?.Dispose();
        _lost?.Dispose();
        _wake.Dispose();
    }

    private StreamStatus GiveUp(IByteStream stream)
    {
        Volatile.Write(ref _lost, stream);
        Volatile.Write(ref _current, null);
        _wake.Set();
        return StreamStatus.Lost;
    }

    private void Reopen()
    {
        while (!_closing)
        {
            _wake.WaitOne(Volatile.Read(ref _current) is null ? RetryMs : Timeout.Infinite);
            if (_closing || Volatile.Read(ref _current) is not null)
                continue;
            Interlocked.Exchange(ref _lost, null)?.Dispose();
            try
            {
                IByteStream fresh = _open();
                Volatile.Write(ref _generation, _generation + 1);
                Volatile.Write(ref _current, fresh);
            }
            catch (IOException)
            {
                // Still unplugged; the next round looks again.
            }
        }
    }
}
