using Robotics.Core;

namespace Robotics.Drivers.Serial.Radio;

/// <summary>The pilot's radio as a dead-man and an intervention stick: what the receiver says, and how old it is.</summary>
/// <remarks>Order of sticks AETR (roll, pitch, throttle, yaw). Values are forward, left, up positive as REP-103 wants them. Control
/// thread; never blocks, does not allocate.</remarks>
public sealed class CrsfPilot : IDisposable
{
    /// <summary>Frames come every 2-20 ms; Betaflight calls the signal lost after 150 ms, so does this.</summary>
    public const long LostAfterNs = 150_000_000;

    private const float HalfRangeUs = 512; // 988..2012 us
    private const byte LinkStatistics = 0x14;
    private readonly IByteStream _stream;
    private readonly IClock _clock;
    private readonly CrsfScanner _scanner = new();
    private readonly float[] _microseconds = new float[CrsfChannels.Count];
    private readonly int _deadmanChannel;
    private readonly int _interveneChannel;
    private long _receivedNs = long.MinValue;
    private bool _linkDown;

    /// <summary>A radio on <paramref name="stream"/>; channel numbers from 0 of the switches that hold the dead-man and ask to intervene.</summary>
    public CrsfPilot(IByteStream stream, IClock clock, int deadmanChannel = 4, int interveneChannel = 5)
    {
        _stream = stream ?? throw new ArgumentNullException(nameof(stream));
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(deadmanChannel, CrsfChannels.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(interveneChannel, CrsfChannels.Count);
        _deadmanChannel = deadmanChannel;
        _interveneChannel = interveneChannel;
    }

    /// <summary>True where frames arrive and the receiver says that it hears the transmitter.</summary>
    public bool IsHeard => _receivedNs != long.MinValue && !_linkDown && _clock.NowNs - _receivedNs <= LostAfterNs;

    /// <summary>True while the pilot holds the dead-man switch; false at once when the radio is lost.</summary>
    public bool DeadmanHeld => IsHeard && _microseconds[_deadmanChannel] > 1700;

    /// <summary>True while the pilot wants to fly; never without the dead-man.</summary>
    public bool WantsControl => DeadmanHeld && _microseconds[_interveneChannel] > 1700;

    /// <summary>Receive time of the newest frame, ns.</summary>
    public long ReceivedNs => _receivedNs;

    /// <summary>Counters of the receiving side.</summary>
    public CrsfScanner Received => _scanner;

    /// <summary>Takes what arrived.</summary>
    public StreamStatus Poll()
    {
        StreamStatus status;
        do
        {
            status = _scanner.ReadFrom(_stream);
            while (_scanner.TryNext(out ReadOnlySpan<byte> frame))
                Take(frame);
        } while (status == StreamStatus.Ok);
        return status;
    }

    /// <summary>Stick positions, -1..1: forward (pitch), left (roll), up (throttle), turn left (yaw). All 0 where the radio is lost.</summary>
    public void Sticks(Span<float> forwardLeftUpTurn)
    {
        forwardLeftUpTurn[..4].Clear();
        if (!IsHeard)
            return;
        forwardLeftUpTurn[0] = Stick(1);
        forwardLeftUpTurn[1] = -Stick(0);
        forwardLeftUpTurn[2] = Stick(2);
        forwardLeftUpTurn[3] = -Stick(3);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private float Stick(int channel) => Math.Clamp((_microseconds[channel] - 1500) / HalfRangeUs, -1, 1);

    private void Take(ReadOnlySpan<byte> frame)
    {
        if (CrsfChannels.TryRead(frame, _microseconds))
            _receivedNs = _clock.NowNs;
        else if (frame.Length >= 7 && frame[2] == LinkStatistics)
            _linkDown = frame[5] == 0; // uplink link quality, percent: 0 is a receiver that hears nobody and repeats its failsafe
    }
}
