namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>Checked frames in, numbered frames out, over one byte stream. Control thread; never blocks, never allocates.</summary>
public sealed class MavlinkLink
{
    // Work bound of one tick: 115 ms of a line at 921 600 baud; a flood beyond it waits for the next tick.
    private const int MaxFramesPerTick = 512;
    private readonly MavlinkScanner _scanner = new();
    private readonly FrameOutbox _outbox = new();
    private readonly MavlinkEncoder _encoder;
    private readonly MavlinkSigner? _signer;
    private int _budget = MaxFramesPerTick;

    /// <summary>A link over <paramref name="stream"/> on which we are (<paramref name="systemId"/>, <paramref name="componentId"/>).
    /// With a <paramref name="signer"/> every frame out is signed and every frame in must be.</summary>
    public MavlinkLink(IByteStream stream, byte systemId, byte componentId, MavlinkSigner? signer = null)
    {
        Stream = stream ?? throw new ArgumentNullException(nameof(stream));
        _signer = signer;
        _encoder = new MavlinkEncoder(systemId, componentId) { Signer = signer };
    }

    /// <summary>The bytes below.</summary>
    public IByteStream Stream { get; }

    /// <summary>Status of the last read.</summary>
    public StreamStatus Status { get; private set; } = StreamStatus.Idle;

    /// <summary>Counters of the receiving side.</summary>
    public MavlinkScanner Received => _scanner;

    /// <summary>Counters of the sending side.</summary>
    public FrameOutbox Outgoing => _outbox;

    /// <summary>Starts a tick: gives the work budget back and writes what waits.</summary>
    public void BeginTick()
    {
        _budget = MaxFramesPerTick;
        _outbox.Flush(Stream);
    }

    /// <summary>The next frame that arrived, checked and, where the link is signed, authentic; false where there is none now.</summary>
    public bool TryReceive(out MavlinkFrame frame)
    {
        while (_budget-- > 0)
        {
            if (_scanner.TryNext(out frame))
            {
                if (_signer is null || _signer.Accept(frame))
                    return true;
                continue;
            }
            Status = _scanner.ReadFrom(Stream);
            if (Status == StreamStatus.Lost)
                _scanner.Clear();
            if (Status != StreamStatus.Ok)
                break;
        }
        frame = default;
        return false;
    }

    /// <summary>Queues a message that must arrive in order; false where the queue is full.</summary>
    public bool Send(uint id, scoped ReadOnlySpan<byte> payload)
    {
        bool queued = _outbox.Queue(_encoder.Encode(id, payload));
        _outbox.Flush(Stream);
        return queued;
    }

    /// <summary>Sends a set-point: one that could not go out yet is replaced.</summary>
    /// <returns>What the link said: <see cref="StreamStatus.Idle"/> where it is full and the set-point waits.</returns>
    public StreamStatus SendLatest(uint id, scoped ReadOnlySpan<byte> payload)
    {
        _outbox.Latest(_encoder.Encode(id, payload));
        return _outbox.Flush(Stream);
    }

    /// <summary>Forgets all that waits in either direction: the link is a new one.</summary>
    public void Reset()
    {
        _scanner.Clear();
        _outbox.Clear();
    }
}
