namespace Robotics.Drivers.Serial;

/// <summary>Finds frames in a stream of bytes that may be cut, spoilt or hostile. Each protocol says only how it looks at a window.</summary>
/// <remarks>
/// After a bad frame the search goes on one byte behind its first, so a false start never swallows a true frame. Decisions depend on
/// the bytes alone, never on how they were cut into reads: one byte at a time gives the same frames. Control thread; does not allocate.
/// </remarks>
public abstract class FrameScanner
{
    private readonly byte[] _buffer;
    private int _start;
    private int _end;

    /// <summary>A scanner for frames of at most <paramref name="maxFrame"/> bytes.</summary>
    protected FrameScanner(int maxFrame) => _buffer = new byte[Math.Max(4096, maxFrame * 4)];

    /// <summary>Frames given out.</summary>
    public long Frames { get; private set; }

    /// <summary>Bytes that belonged to no valid frame.</summary>
    public long SkippedBytes { get; private set; }

    /// <summary>Windows that looked like a frame to the end and failed the check sum.</summary>
    public long CheckFailures { get; protected set; }

    /// <summary>Where to put arriving bytes; never empty after <see cref="TryNext"/> returned false. Follow with <see cref="Commit"/>.</summary>
    public Span<byte> Free
    {
        get
        {
            if (_start > 0 && (_start == _end || _end == _buffer.Length))
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                _end -= _start;
                _start = 0;
            }
            return _buffer.AsSpan(_end);
        }
    }

    /// <summary>Says that <paramref name="count"/> bytes were put into <see cref="Free"/>.</summary>
    public void Commit(int count) => _end += count;

    /// <summary>Reads what <paramref name="stream"/> has; call until it is not <see cref="StreamStatus.Ok"/>, taking frames in between.</summary>
    public StreamStatus ReadFrom(IByteStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        StreamStatus status = stream.TryRead(Free, out int count);
        Commit(count);
        return status;
    }

    /// <summary>The next valid frame, whole, valid until the next call; false where more bytes are needed.</summary>
    public bool TryNext(out ReadOnlySpan<byte> frame)
    {
        while (_start < _end)
        {
            int verdict = Examine(_buffer.AsSpan(_start, _end - _start));
            if (verdict == 0)
                break;
            if (verdict > 0)
            {
                frame = _buffer.AsSpan(_start, verdict);
                _start += verdict;
                Frames++;
                return true;
            }
            _start -= verdict;
            SkippedBytes -= verdict;
        }
        frame = default;
        return false;
    }

    /// <summary>Forgets buffered bytes, after a link was reopened.</summary>
    public void Clear()
    {
        _start = 0;
        _end = 0;
    }

    /// <summary>Looks at the bytes so far, at least one.</summary>
    /// <returns>n &gt; 0: the first n bytes are a valid frame; 0: undecided, more bytes needed; -n: the first n bytes start no frame.</returns>
    protected abstract int Examine(ReadOnlySpan<byte> window);
}
