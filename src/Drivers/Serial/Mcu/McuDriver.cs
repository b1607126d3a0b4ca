using System.Buffers.Binary;
using Robotics.Core;

namespace Robotics.Drivers.Serial.Mcu;

/// <summary>A robot behind our own microcontroller firmware: commands that expire by themselves, arming by challenge and answer.</summary>
/// <remarks>Ready once INFO says the declared channel count, safe action and limit hash. A command below PowerCut arms (hello, command,
/// request, answer); PowerCut disarms. After a fallback or a latch the supervisor must pass through PowerCut. Control thread.</remarks>
public sealed class McuDriver : IRobotDriver, IDeviceReadiness
{
    private const long AskPeriodNs = 100_000_000;
    private const long SilenceNs = 200_000_000; // twenty state frames of 10 ms
    private readonly McuDriverOptions _options;
    private readonly IByteStream _stream;
    private readonly IClock _clock;
    private readonly McuScanner _scanner = new();
    private readonly FrameOutbox _outbox = new();
    private readonly byte[] _wire = new byte[McuFrame.MaxWire];
    private readonly byte[] _command;
    private readonly float[] _values;
    private readonly uint _hash;
    private ushort _sequence;
    private long _nextAskNs = long.MinValue;
    private long _stateNs = long.MinValue;
    private long _states;
    private bool _identified;
    private bool _wantsArmed;
    private bool _mustRelease;
    private bool _wasArmed;
    private (byte Channels, byte SafeAction, uint Hash) _info;
    private (byte Type, byte Reason) _refusal;

    /// <summary>A driver over <paramref name="stream"/>, which it owns.</summary>
    public McuDriver(McuDriverOptions options, IByteStream stream, IClock clock)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _stream = stream ?? throw new ArgumentNullException(nameof(stream));
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _hash = McuLimit.Hash(options.Limits);
        int n = options.Limits.Count;
        _command = new byte[4 + (4 * n)];
        _values = new float[2 * n];
        CommandChannels = new ChannelLayout(options.Limits.Select(l => new Channel(l.Name, l.Unit, l.Minimum, l.Maximum)));
        StateChannels = new ChannelLayout([
            .. options.Limits.Select(l => new Channel(l.Name + ".output", l.Unit)),
            .. options.Limits.Select(l => new Channel(l.Name + ".measured", l.Unit)),
        ]);
    }

    /// <inheritdoc/>
    public ChannelLayout StateChannels { get; }

    /// <inheritdoc/>
    public ChannelLayout CommandChannels { get; }

    /// <summary>State the firmware reported last.</summary>
    public McuState State { get; private set; }

    /// <summary>Age of the last command as the firmware counts it, ms.</summary>
    public int CommandAgeMs { get; private set; }

    /// <summary>Counters of the receiving side.</summary>
    public McuScanner Received => _scanner;

    private bool IsDeclared => _info == ((byte)_options.Limits.Count, (byte)_options.SafeAction, _hash);

    /// <inheritdoc/>
    public bool IsReady => _identified && IsDeclared && IsHeard;

    /// <inheritdoc/>
    public double CommandTimeoutS => _options.ValidForMs / 1000.0; // told in every command

    /// <inheritdoc/>
    public bool IsObeying => IsReady && State == McuState.Armed;

    private bool IsHeard => _stateNs != long.MinValue && _clock.NowNs - _stateNs < SilenceNs;

    /// <inheritdoc/>
    public string Diagnosis =>
        !_identified ? $"no R1 firmware answers on {_stream.Name} ({_scanner.SkippedBytes} bytes made no frame)"
        : !IsDeclared ? $"the firmware has {_info.Channels} channels, safe action {_info.SafeAction}, limit hash {_info.Hash:x8}; robot.yaml declares {_options.Limits.Count}, {_options.SafeAction}, {_hash:x8}: flash the firmware built for this robot.yaml"
        : !IsHeard ? "the firmware stopped sending its state: cable or microcontroller failed"
        : $"R1 firmware {State}, last command {CommandAgeMs} ms old{(_refusal.Type == 0 ? "" : $"; it refused message type {_refusal.Type:x2} for reason {_refusal.Reason}")}";

    /// <inheritdoc/>
    public ReadStatus Read(SensorSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        _outbox.Flush(_stream);
        StreamStatus status;
        do
        {
            status = _scanner.ReadFrom(_stream);
            while (_scanner.TryNext(out McuFrame frame))
                Take(frame);
        } while (status == StreamStatus.Ok);
        if (status == StreamStatus.Lost)
            Forget();
        AskWhatIsDue();
        return sample.Status = Fill(sample);
    }

    /// <inheritdoc/>
    public WriteStatus Write(in SafeCommand command)
    {
        if (!command.IsValid || command.Values.Length != _options.Limits.Count)
            return WriteStatus.Refused;
        if (command.Action >= SafetyAction.PowerCut)
        {
            Release();
            return WriteStatus.Ok;
        }
        if (!IsReady || _mustRelease)
            return WriteStatus.Faulted;
        _wantsArmed = true;
        BinaryPrimitives.WriteUInt16LittleEndian(_command, (ushort)_options.ValidForMs);
        _command[2] = (byte)_options.Limits.Count;
        for (int i = 0; i < command.Values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(_command.AsSpan(4 + (4 * i)), command.Values[i]);
        _outbox.Latest(Frame(McuMessageType.Command, _command));
        return _outbox.Flush(_stream) switch
        {
            StreamStatus.Ok => WriteStatus.Ok,
            StreamStatus.Idle => WriteStatus.Replaced,
            _ => WriteStatus.Faulted,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void Release()
    {
        bool moving = State is McuState.Armed or McuState.Fallback;
        bool latched = State == McuState.Latched;
        _wantsArmed = false;
        _mustRelease = false;
        _wasArmed = false;
        if (moving)
            _outbox.Queue(Frame(McuMessageType.Disarm, default));
        else if (latched)
            _outbox.Queue(Frame(McuMessageType.Clear, default));
        _outbox.Flush(_stream);
    }

    private void Forget()
    {
        _scanner.Clear();
        _outbox.Clear();
        _identified = false;
        _mustRelease |= _wantsArmed;
        _wantsArmed = false;
        _wasArmed = false;
        _stateNs = long.MinValue;
    }

    private void AskWhatIsDue()
    {
        long now = _clock.NowNs;
        if (now < _nextAskNs)
            return;
        _nextAskNs = now + AskPeriodNs;
        if (!_identified)
            _outbox.Queue(Frame(McuMessageType.Hello, default));
        else if (_wantsArmed && State == McuState.Disarmed)
            _outbox.Queue(Frame(McuMessageType.ArmRequest, default));
        _outbox.Flush(_stream);
    }

    private void Take(in McuFrame frame)
    {
        ReadOnlySpan<byte> p = frame.Payload;
        switch (frame.Type)
        {
            case McuMessageType.Info when p.Length >= 12:
                _info = (p[1], p[2], BinaryPrimitives.ReadUInt32LittleEndian(p[4..]));
                _identified = true;
                break;
            case McuMessageType.Challenge when p.Length == 4 && _wantsArmed:
                Answer(p);
                break;
            case McuMessageType.State:
                TakeState(p);
                break;
            case McuMessageType.Refusal when p.Length == 2:
                _refusal = (p[0], p[1]);
                break;
        }
    }

    private void Answer(ReadOnlySpan<byte> nonce)
    {
        Span<byte> question = stackalloc byte[8];
        nonce.CopyTo(question);
        BinaryPrimitives.WriteUInt32LittleEndian(question[4..], _hash);
        Span<byte> answer = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(answer, McuFrame.Crc(question));
        _outbox.Queue(Frame(McuMessageType.ArmConfirm, answer));
        _outbox.Flush(_stream);
    }

    private void TakeState(ReadOnlySpan<byte> p)
    {
        int n = _options.Limits.Count;
        if (p.Length != 8 + (8 * n) || p[6] != n)
            return;
        State = (McuState)p[0];
        CommandAgeMs = BinaryPrimitives.ReadUInt16LittleEndian(p[4..]);
        for (int i = 0; i < _values.Length; i++)
            _values[i] = BinaryPrimitives.ReadSingleLittleEndian(p[(8 + (4 * i))..]);
        // It was armed and is not: it expired, was stopped or restarted. Only a new arming may move it again.
        _mustRelease |= _wasArmed && State != McuState.Armed;
        _wantsArmed &= !_mustRelease;
        _wasArmed = State == McuState.Armed;
        _stateNs = _clock.NowNs;
        _states++;
    }

    private ReadStatus Fill(SensorSample sample)
    {
        if (_identified && (!IsDeclared || (_states > 0 && !IsHeard)))
            return ReadStatus.Faulted;
        if (_states == 0 || !_identified)
            return _mustRelease ? ReadStatus.Faulted : ReadStatus.Missing;
        if (_mustRelease)
            return ReadStatus.Faulted;
        if (sample.Sequence == _states)
            return ReadStatus.Unchanged;
        _values.CopyTo(sample.Values);
        sample.Stamp(_stateNs);
        sample.Sequence = _states;
        return ReadStatus.Ok;
    }

    private ReadOnlySpan<byte> Frame(McuMessageType type, scoped ReadOnlySpan<byte> payload) =>
        _wire.AsSpan(0, McuFrame.Write(_wire, type, ++_sequence, (uint)(_clock.NowNs / 1000), payload));
}
