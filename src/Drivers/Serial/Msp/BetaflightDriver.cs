using System.Buffers.Binary;
using Robotics.Core;
using Robotics.Models;

namespace Robotics.Drivers.Serial.Msp;

/// <summary>A Betaflight quadrotor over MSP: orientation and body rates in, body rates and throttle out as radio sticks.</summary>
/// <remarks>One request is in flight at a time, as MSP wants. Sticks go out every tick; Betaflight keeps them 300 ms and drops after
/// 1.5 s without. The arm switch is AUX1: low while power is cut. Betaflight's axes are forward-left-up except yaw, whose heading
/// grows to the right. Position is not known to it: a policy that needs position needs another source.</remarks>
public sealed class BetaflightDriver : IRobotDriver, IDeviceReadiness
{
    private const byte FlightControllerVariant = 2;
    private const byte FailsafeConfig = 75; // MSP_FAILSAFE_CONFIG: byte 0 is failsafe_delay in 0.1 s
    private const byte RawImu = 102;
    private const byte Attitude = 108;
    private const byte SetRawRc = 200;
    private const int Channels = 8;
    private const long AnswerNs = 50_000_000; // several 115 200 baud frames
    private const long SilenceNs = 200_000_000;
    private const int StateCount = 7;
    private readonly BetaflightOptions _options;
    private readonly IByteStream _stream;
    private readonly IClock _clock;
    private readonly MspScanner _scanner = new();
    private readonly FrameOutbox _outbox = new();
    private readonly byte[] _frame = new byte[64];
    private readonly byte[] _sticks = new byte[Channels * 2];
    private readonly float[] _values = new float[StateCount];
    private readonly byte[] _variant = new byte[4];
    private long _askedNs = long.MinValue;
    private long _attitudeNs = long.MinValue;
    private long _ratesNs = long.MinValue;
    private long _updates;
    private bool _waiting;
    private bool _identified;
    private double _failsafeS = double.PositiveInfinity;
    private bool _askAttitude;

    /// <summary>A driver over <paramref name="stream"/>, which it owns.</summary>
    public BetaflightDriver(BetaflightOptions options, IByteStream stream, IClock clock)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _stream = stream ?? throw new ArgumentNullException(nameof(stream));
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        double rate = options.MaxRateRadPerSec;
        CommandChannels = QuadrotorChannels.RateCommand(rate);
        StateChannels = new ChannelLayout([
            .. ChannelNames.Orientation.Select(n => new Channel(n, "1")),
            .. ChannelNames.AngularVelocity.Select(n => new Channel(n, "rad/s")),
        ]);
    }

    /// <inheritdoc/>
    public ChannelLayout StateChannels { get; }

    /// <inheritdoc/>
    public ChannelLayout CommandChannels { get; }

    private bool IsBetaflight => _variant.AsSpan().SequenceEqual("BTFL"u8);

    private bool IsHeard => _attitudeNs != long.MinValue && _clock.NowNs - _attitudeNs < SilenceNs;

    /// <inheritdoc/>
    public bool IsReady => _identified && IsBetaflight && IsProtected && IsHeard;

    /// <inheritdoc/>
    public double CommandTimeoutS => _failsafeS;

    private bool IsProtected => _failsafeS <= _options.FailsafeDelayS;

    /// <inheritdoc/>
    public bool IsObeying => IsReady; // MSP_STATUS could tell more; the sticks are taken as soon as they arrive

    /// <inheritdoc/>
    public string Diagnosis =>
        !_identified ? $"no MSP answer on {_stream.Name}: is MSP enabled on this UART, and the baud rate right?"
        : !IsBetaflight ? $"the flight controller says it is {System.Text.Encoding.ASCII.GetString(_variant)}, this driver flies BTFL"
        : !IsProtected ? FormattableString.Invariant($"failsafe_delay reads {_failsafeS} s, robot.yaml declares at most {_options.FailsafeDelayS} s: set it in Betaflight's failsafe tab")
        : IsHeard ? "Betaflight answers" : "the flight controller stopped answering";

    /// <inheritdoc/>
    public ReadStatus Read(SensorSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        StreamStatus status;
        do
        {
            status = _scanner.ReadFrom(_stream);
            while (_scanner.TryNext(out ReadOnlySpan<byte> frame))
                Take(new MspFrame(frame));
        } while (status == StreamStatus.Ok);
        if (status == StreamStatus.Lost)
        {
            _identified = _waiting = false;
            _failsafeS = double.PositiveInfinity;
            _attitudeNs = long.MinValue;
            _outbox.Clear();
        }
        Ask();
        return sample.Status = Fill(sample, status);
    }

    /// <inheritdoc/>
    public WriteStatus Write(in SafeCommand command)
    {
        if (!command.IsValid || command.Values.Length != CommandChannels.Count)
            return WriteStatus.Refused;
        bool off = command.Action >= SafetyAction.PowerCut;
        if (!IsReady && !off)
            return WriteStatus.Faulted;
        double rate = _options.MaxRateRadPerSec;
        SetStick(0, off ? 0 : command.Values[0] / rate); // roll to the right is positive on both sides
        SetStick(1, off ? 0 : -command.Values[1] / rate); // stick forward (low) pitches the nose down, which is +y
        SetStick(2, off ? -1 : (2 * command.Values[3]) - 1);
        SetStick(3, off ? 0 : -command.Values[2] / rate);
        SetStick(4, off ? -1 : 1); // AUX1: arm switch
        for (int i = 5; i < Channels; i++)
            SetStick(i, -1);
        _outbox.Latest(_frame.AsSpan(0, MspFrame.Write1(_frame, '<', SetRawRc, _sticks)));
        return _outbox.Flush(_stream) switch
        {
            StreamStatus.Ok => WriteStatus.Ok,
            StreamStatus.Idle => WriteStatus.Replaced,
            _ => WriteStatus.Faulted,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void SetStick(int channel, double value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(_sticks.AsSpan(channel * 2), (ushort)Math.Round(1500 + (500 * Math.Clamp(value, -1, 1))));

    private void Ask()
    {
        long now = _clock.NowNs;
        if (_waiting && now - _askedNs < AnswerNs)
            return;
        _askAttitude = !_askAttitude;
        byte command = !_identified ? FlightControllerVariant : double.IsInfinity(_failsafeS) ? FailsafeConfig : _askAttitude ? Attitude : RawImu;
        _outbox.Queue(_frame.AsSpan(0, MspFrame.Write1(_frame, '<', command, default)));
        _outbox.Flush(_stream);
        _waiting = true;
        _askedNs = now;
    }

    private void Take(MspFrame frame)
    {
        if (frame.Direction != '>')
            return;
        ReadOnlySpan<byte> p = frame.Payload;
        _waiting &= frame.Command == SetRawRc; // the acknowledgement of sticks answers no question
        switch (frame.Command)
        {
            case FlightControllerVariant when p.Length >= 4:
                p[..4].CopyTo(_variant);
                _identified = true;
                break;
            case FailsafeConfig when p.Length >= 1:
                _failsafeS = p[0] / 10.0;
                break;
            case Attitude when p.Length >= 6:
                TakeAttitude(Word(p, 0) / 10.0, Word(p, 1) / 10.0, Word(p, 2));
                break;
            case RawImu when p.Length >= 18:
                for (int i = 0; i < 3; i++)
                    _values[4 + i] = (float)(Word(p, 3 + i) * Math.PI / 180);
                _ratesNs = _clock.NowNs;
                _updates++;
                break;
        }
    }

    // Degrees: roll, pitch (nose down positive, as about +y), heading (to the right positive).
    private void TakeAttitude(double rollDeg, double pitchDeg, double headingDeg)
    {
        (double sr, double cr) = Math.SinCos(rollDeg * Math.PI / 360);
        (double sp, double cp) = Math.SinCos(pitchDeg * Math.PI / 360);
        (double sy, double cy) = Math.SinCos(-headingDeg * Math.PI / 360);
        _values[0] = (float)((cr * cp * cy) + (sr * sp * sy));
        _values[1] = (float)((sr * cp * cy) - (cr * sp * sy));
        _values[2] = (float)((cr * sp * cy) + (sr * cp * sy));
        _values[3] = (float)((cr * cp * sy) - (sr * sp * cy));
        _attitudeNs = _clock.NowNs;
        _updates++;
    }

    private static short Word(ReadOnlySpan<byte> p, int index) => BinaryPrimitives.ReadInt16LittleEndian(p[(2 * index)..]);

    private ReadStatus Fill(SensorSample sample, StreamStatus link)
    {
        if (link == StreamStatus.Lost || (_identified && !IsBetaflight))
            return ReadStatus.Faulted;
        if (_attitudeNs == long.MinValue || _ratesNs == long.MinValue)
            return ReadStatus.Missing;
        if (!IsHeard)
            return ReadStatus.Faulted;
        if (sample.Sequence == _updates)
            return ReadStatus.Unchanged;
        _values.CopyTo(sample.Values);
        sample.TimesNs[..4].Fill(_attitudeNs);
        sample.TimesNs[4..].Fill(_ratesNs);
        sample.SampleTimeNs = Math.Max(_attitudeNs, _ratesNs);
        sample.Sequence = _updates;
        return ReadStatus.Ok;
    }
}
