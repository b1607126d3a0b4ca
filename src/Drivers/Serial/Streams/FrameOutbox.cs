namespace Robotics.Drivers.Serial;

/// <summary>What waits to be written to a link: a short queue of protocol frames and one set-point slot where the newest wins.</summary>
/// <remarks>Never blocks and never allocates. A frame whose first byte has gone out is finished before anything else starts, so the
/// other side never sees half a frame from us; a set-point that has not started is replaced by a newer one.</remarks>
public sealed class FrameOutbox
{
    private readonly byte[] _current = new byte[MaxFrame];
    private readonly byte[] _setpoint = new byte[MaxFrame];
    private readonly ByteRing _queue;
    private readonly byte[] _length = new byte[2];
    private int _currentLength;
    private int _currentSent;
    private int _setpointLength;
    private bool _currentIsSetpoint;

    /// <summary>A queue of <paramref name="capacity"/> bytes for protocol frames.</summary>
    public FrameOutbox(int capacity = 8192) => _queue = new ByteRing(capacity);

    /// <summary>Longest frame taken, bytes: MAVLink 2 with a signature has 280, an R1 frame 256.</summary>
    public const int MaxFrame = 512;

    /// <summary>Set-points that were replaced before they went out.</summary>
    public long Replaced { get; private set; }

    /// <summary>Protocol frames refused because the queue was full.</summary>
    public long Refused { get; private set; }

    /// <summary>True where nothing waits.</summary>
    public bool IsEmpty => _currentLength == 0 && _setpointLength == 0 && _queue.Count == 0;

    /// <summary>Queues a frame that must not be lost to a newer one (arm, mode, parameter); false where the queue is full.</summary>
    public bool Queue(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > MaxFrame || _queue.Free < frame.Length + 2)
        {
            Refused++;
            return false;
        }
        _length[0] = (byte)frame.Length;
        _length[1] = (byte)(frame.Length >> 8);
        _queue.Add(_length);
        _queue.Add(frame);
        return true;
    }

    /// <summary>Puts <paramref name="frame"/> into the set-point slot; true where it replaced one that had not gone out.</summary>
    public bool Latest(ReadOnlySpan<byte> frame)
    {
        bool unstarted = _currentIsSetpoint && _currentLength > 0 && _currentSent == 0;
        if (unstarted)
            _currentLength = 0;
        bool replaced = unstarted || _setpointLength > 0;
        frame.CopyTo(_setpoint);
        _setpointLength = frame.Length;
        if (replaced)
            Replaced++;
        return replaced;
    }

    /// <summary>Forgets everything that waits: after a link came back nothing old may go out.</summary>
    public void Clear()
    {
        _currentLength = 0;
        _currentSent = 0;
        _setpointLength = 0;
        _queue.Drop(_queue.Count);
    }

    /// <summary>Writes what the link takes now.</summary>
    public StreamStatus Flush(IByteStream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        while (_currentLength > 0 || Next())
        {
            StreamStatus status = stream.TryWrite(_current.AsSpan(_currentSent, _currentLength - _currentSent), out int n);
            if (status != StreamStatus.Ok)
                return status;
            _currentSent += n;
            if (_currentSent < _currentLength)
                return StreamStatus.Idle;
            _currentLength = 0;
            _currentSent = 0;
        }
        return StreamStatus.Ok;
    }

    private bool Next()
    {
        _currentIsSetpoint = _setpointLength > 0;
        if (_currentIsSetpoint)
        {
            _setpoint.AsSpan(0, _setpointLength).CopyTo(_current);
            _currentLength = _setpointLength;
            _setpointLength = 0;
            return true;
        }
        if (_queue.Take(_length) < 2)
            return false;
        _currentLength = _length[0] | (_length[1] << 8);
        _queue.Take(_current.AsSpan(0, _currentLength));
        return true;
    }
}
