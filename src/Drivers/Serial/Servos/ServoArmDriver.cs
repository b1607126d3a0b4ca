using System.Globalization;
using Robotics.Core;

namespace Robotics.Drivers.Serial.Servos;

/// <summary>An arm of bus servos (SO-101 kind): joint angles in rad, goals by sync write, states by sync read, one cycle per tick.</summary>
/// <remarks>
/// The bus is half duplex: a tick writes goals and the question together, and the next tick's read takes the answers; nothing is sent
/// while answers are outstanding. Goals are clamped to the joint's limits here again. A servo that overheats, gets stuck, reports an
/// error or falls silent stops the arm where it is (goal = present position) with a diagnosis; the loop goes on. Control thread only.
/// </remarks>
public sealed class ServoArmDriver : IRobotDriver, IDeviceReadiness, ICalibratedDevice
{
    private const long AnswerNs = 20_000_000; // a cycle of six servos is below 4 ms; five times that is a lost answer
    private const int MaxSilentCycles = 10;
    private const int MaxTries = 5;
    private const double StillRadPerSec = 0.05; // below this a joint does not move
    private const int ChannelsPerJoint = 4;
    private readonly ServoArmOptions _options;
    private readonly IServoProtocol _protocol;
    private readonly ServoRegisters _registers;
    private readonly IByteStream _stream;
    private readonly IClock _clock;
    private readonly FrameScanner _scanner;
    private readonly FrameOutbox _outbox = new();
    private readonly byte[] _frame = new byte[FrameOutbox.MaxFrame];
    private readonly byte[] _scratch = new byte[FrameOutbox.MaxFrame];
    private readonly byte[] _ids;
    private readonly byte[] _goals;
    private readonly int[] _present;
    private readonly double[] _velocity;
    private readonly double[] _load;
    private readonly int[] _temperature;
    private readonly bool[] _answered;
    private readonly int[] _silent;
    private readonly long[] _stuckSinceNs;
    private bool _asked;
    private long _askedNs;
    private bool _torque;
    private int _index;
    private int _step;
    private int _tries;
    private int _found;
    private ServoArmFault _fault;
    private int _faultJoint;

    /// <summary>A driver over <paramref name="stream"/>, which it owns.</summary>
    public ServoArmDriver(ServoArmOptions options, IByteStream stream, IClock clock)
    {
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _stream = stream ?? throw new ArgumentNullException(nameof(stream));
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        IsCalibrationConfirmed = DeclaresCalibration && string.Equals(options.DeclaredCalibration, options.Calibration, StringComparison.OrdinalIgnoreCase);
        _protocol = options.Protocol;
        _registers = _protocol.Registers;
        _scanner = _protocol.CreateScanner();
        int n = options.Joints.Count;
        _ids = [.. options.Joints.Select(j => j.Id)];
        _goals = new byte[n * _registers.GoalBytes];
        _present = new int[n];
        _velocity = new double[n];
        _load = new double[n];
        _temperature = new int[n];
        _answered = new bool[n];
        _silent = new int[n];
        _stuckSinceNs = new long[n];
        StateChannels = new ChannelLayout(options.Joints.SelectMany(StateOf));
        CommandChannels = new ChannelLayout(options.Joints.Select(j => new Channel($"joint.{j.Name}.position_setpoint", "rad", j.MinRad, j.MaxRad)));
    }

    /// <inheritdoc/>
    public ChannelLayout StateChannels { get; }

    /// <inheritdoc/>
    public ChannelLayout CommandChannels { get; }

    /// <summary>The link to the bus.</summary>
    public IByteStream Stream => _stream;

    /// <summary>Where it stands.</summary>
    public ServoArmStage Stage { get; private set; }

    /// <summary>Cycles in which every servo answered.</summary>
    public long FullCycles { get; private set; }

    /// <summary>Answers that did not come in time.</summary>
    public long LostAnswers { get; private set; }

    /// <inheritdoc/>
    public bool IsReady => Stage == ServoArmStage.Ready && FullCycles > 0;

    /// <inheritdoc/>
    public double CommandTimeoutS => _options.BusWatchdogS > 0 ? _options.BusWatchdogS : double.PositiveInfinity;

    /// <inheritdoc/>
    public bool IsObeying => IsReady && _torque;

    /// <inheritdoc/>
    public bool DeclaresCalibration => _options.DeclaredCalibration.Length > 0;

    /// <inheritdoc/>
    public bool IsCalibrationConfirmed { get; }

    /// <inheritdoc/>
    public string Diagnosis => Stage is ServoArmStage.Refused or ServoArmStage.Stopped ? FaultText() : $"{_registers.Family} bus with {_ids.Length} servos: {Stage}";

    /// <inheritdoc/>
    public ReadStatus Read(SensorSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        _outbox.Flush(_stream);
        StreamStatus status;
        do
        {
            status = _scanner.ReadFrom(_stream);
            while (_scanner.TryNext(out ReadOnlySpan<byte> frame))
                Take(_protocol.Parse(frame, _scratch));
        } while (status == StreamStatus.Ok);
        if (status == StreamStatus.Lost)
            LinkLost();
        ExpireAnswers();
        if (Stage is ServoArmStage.Identifying or ServoArmStage.Configuring)
            AskNext();
        return sample.Status = Fill(sample, status);
    }

    /// <inheritdoc/>
    public WriteStatus Write(in SafeCommand command) => WriteGoals(command.Values, command);

    /// <summary>Writes <paramref name="goals"/> (joint angles, rad) that a Cartesian controller made of <paramref name="permission"/>, a command in other units.</summary>
    internal WriteStatus WriteGoals(ReadOnlySpan<float> goals, in SafeCommand permission)
    {
        if (!permission.IsValid || goals.Length != _ids.Length)
            return WriteStatus.Refused;
        bool off = permission.Action >= SafetyAction.PowerCut;
        if (off && Stage == ServoArmStage.Stopped)
            Recover();
        if (Stage is not (ServoArmStage.Ready or ServoArmStage.Stopped))
            return off ? WriteStatus.Ok : WriteStatus.Faulted;
        if (_asked)
            return WriteStatus.Replaced; // answers are outstanding: the next tick's goals are newer anyway
        Cycle(goals, off);
        return Stage == ServoArmStage.Stopped && !off ? WriteStatus.Faulted : WriteStatus.Ok;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static IEnumerable<Channel> StateOf(ServoJoint j) =>
        [
            new Channel($"joint.{j.Name}.position", "rad"),
            new Channel($"joint.{j.Name}.velocity", "rad/s"),
            new Channel($"joint.{j.Name}.load", "1", -1, 1),
            new Channel($"joint.{j.Name}.temperature", "degC"),
        ];

    private void Cycle(ReadOnlySpan<float> values, bool off)
    {
        bool torque = !off && FullCycles > 0;
        for (int i = 0; i < _ids.Length; i++)
        {
            // Stopped, or about to be powered: hold where the joint is, so that switching torque on moves nothing.
            bool follow = torque && _torque && Stage == ServoArmStage.Ready;
            int goal = follow ? _options.Joints[i].ToSteps(values[i]) : _present[i];
            _registers.WriteNumber(_goals.AsSpan(i * _registers.GoalBytes), goal, _registers.GoalBytes, 15);
        }
        if (FullCycles > 0)
            _outbox.Queue(_frame.AsSpan(0, _protocol.SyncWrite(_frame, _ids, _registers.Goal, _registers.GoalBytes, _goals)));
        if (torque != _torque || off)
            SendTorque(torque);
        _outbox.Queue(_frame.AsSpan(0, _protocol.SyncRead(_frame, _ids, _registers.Block, _registers.BlockBytes)));
        _outbox.Flush(_stream);
        Array.Clear(_answered);
        _asked = true;
        _askedNs = _clock.NowNs;
    }

    private void SendTorque(bool on)
    {
        Span<byte> data = stackalloc byte[_ids.Length];
        data.Fill(on ? (byte)1 : (byte)0);
        _outbox.Queue(_frame.AsSpan(0, _protocol.SyncWrite(_frame, _ids, _registers.TorqueEnable, 1, data)));
        _torque = on;
    }

    private void Take(ServoPacket packet)
    {
        if (!_asked)
            return;
        if (Stage is ServoArmStage.Identifying or ServoArmStage.Configuring)
        {
            TakeAnswer(packet);
            return;
        }
        int joint = _ids.AsSpan().IndexOf(packet.Id);
        if (joint < 0 || packet.Data.Length != _registers.BlockBytes)
            return;
        _answered[joint] = true;
        _silent[joint] = 0;
        _present[joint] = _registers.Position(packet.Data);
        _velocity[joint] = _options.Joints[joint].Direction * _registers.Velocity(packet.Data);
        _load[joint] = _options.Joints[joint].Direction * _registers.Load(packet.Data);
        _temperature[joint] = _registers.Temperature(packet.Data);
        Judge(joint, packet.Error);
        if (_answered.AsSpan().IndexOf(false) < 0)
        {
            _asked = false;
            FullCycles++;
        }
    }

    private void Judge(int joint, byte error)
    {
        long now = _clock.NowNs;
        bool pushing = Math.Abs(_load[joint]) > _options.StuckLoad && Math.Abs(_velocity[joint]) < StillRadPerSec;
        if (!pushing || !_torque)
            _stuckSinceNs[joint] = now;
        if (error != 0)
            Stop(ServoArmFault.ServoError, joint, error);
        else if (_temperature[joint] > _options.MaxTemperatureC)
            Stop(ServoArmFault.Overheated, joint, _temperature[joint]);
        else if (now - _stuckSinceNs[joint] > (long)(_options.StuckTimeS * 1e9))
            Stop(ServoArmFault.Stuck, joint, (int)(_load[joint] * 100));
    }

    private void Stop(ServoArmFault fault, int joint, int found)
    {
        if (Stage == ServoArmStage.Stopped)
            return;
        (_fault, _faultJoint, _found) = (fault, joint, found);
        Stage = ServoArmStage.Stopped;
    }

    private void Refuse(ServoArmFault fault, int found)
    {
        (_fault, _faultJoint, _found) = (fault, _index, found);
        Stage = ServoArmStage.Refused;
    }

    // Only a power cut clears a stop: the supervisor must arm anew, with the cause gone.
    private void Recover()
    {
        Stage = ServoArmStage.Ready;
        _fault = ServoArmFault.None;
        _stuckSinceNs.AsSpan().Fill(_clock.NowNs);
        Array.Clear(_silent);
    }

    private void LinkLost()
    {
        _scanner.Clear();
        _outbox.Clear();
        _asked = false;
        _torque = false;
        FullCycles = 0;
        (Stage, _index, _step, _tries) = (ServoArmStage.Identifying, 0, 0, 0);
    }

    private void ExpireAnswers()
    {
        if (!_asked || _clock.NowNs - _askedNs < AnswerNs)
            return;
        _asked = false;
        LostAnswers++;
        if (Stage is not (ServoArmStage.Ready or ServoArmStage.Stopped))
            return;
        for (int i = 0; i < _ids.Length; i++)
        {
            if (!_answered[i] && ++_silent[i] >= MaxSilentCycles)
                Stop(ServoArmFault.Silent, i, _silent[i]);
        }
    }

    // Per servo: 0 model; 1 torque limit written, 2 read back; 3 watchdog written, 4 read back.
    private void AskNext()
    {
        if (_asked)
            return;
        if (_tries++ >= MaxTries)
        {
            Refuse(ServoArmFault.NoAnswer, 0);
            return;
        }
        Span<byte> value = stackalloc byte[2];
        int torque = (int)(_options.TorqueLimit * _registers.TorqueFull);
        _registers.WriteNumber(value, torque, 2, 15);
        byte id = _ids[_index];
        int n = _step switch
        {
            0 => _protocol.Read(_frame, id, _registers.Model, 2),
            1 => _protocol.Write(_frame, id, _registers.TorqueLimit, value),
            2 => _protocol.Read(_frame, id, _registers.TorqueLimit, 2),
            3 => _protocol.Write(_frame, id, _registers.Watchdog, [Watchdog]),
            _ => _protocol.Read(_frame, id, _registers.Watchdog, 1),
        };
        _outbox.Queue(_frame.AsSpan(0, n));
        _outbox.Flush(_stream);
        _asked = true;
        _askedNs = _clock.NowNs;
    }

    private byte Watchdog => (byte)Math.Round(_options.BusWatchdogS / 0.02); // unit 20 ms, Dynamixel X control table

    private void TakeAnswer(ServoPacket packet)
    {
        int expected = _step switch { 0 or 2 => 2, 4 => 1, _ => 0 };
        if (packet.Id != _ids[_index] || packet.Data.Length != expected)
            return; // a late answer to an earlier question
        int value = packet.Data.Length switch { 0 => 0, 1 => packet.Data[0], _ => packet.Data[0] | (packet.Data[1] << 8) };
        _asked = false;
        if (_step == 0 && !_registers.Models.Contains(value))
            Refuse(ServoArmFault.WrongModel, value);
        else if ((_step == 2 && value != (int)(_options.TorqueLimit * _registers.TorqueFull)) || (_step == 4 && value != Watchdog))
            Refuse(ServoArmFault.ReadBack, value);
        else
            NextStep();
    }

    private void NextStep()
    {
        _tries = 0;
        int last = _registers.Watchdog >= 0 && _options.BusWatchdogS > 0 ? 4 : 2;
        Stage = ServoArmStage.Configuring;
        if (_step < last)
        {
            _step++;
            return;
        }
        _step = 0;
        if (++_index < _ids.Length)
            return;
        _index = 0;
        Stage = ServoArmStage.Ready;
        _stuckSinceNs.AsSpan().Fill(_clock.NowNs);
    }

    private ReadStatus Fill(SensorSample sample, StreamStatus link)
    {
        if (link == StreamStatus.Lost || Stage is ServoArmStage.Refused or ServoArmStage.Stopped)
            return ReadStatus.Faulted;
        if (FullCycles == 0)
            return ReadStatus.Missing;
        if (sample.Sequence == FullCycles)
            return ReadStatus.Unchanged;
        for (int i = 0; i < _ids.Length; i++)
        {
            Span<float> v = sample.Values[(i * ChannelsPerJoint)..];
            v[0] = (float)_options.Joints[i].ToRadians(_present[i]);
            v[1] = (float)_velocity[i];
            v[2] = (float)_load[i];
            v[3] = _temperature[i];
        }
        sample.Stamp(_clock.NowNs);
        sample.Sequence = FullCycles;
        return ReadStatus.Ok;
    }

    private string FaultText()
    {
        ServoJoint joint = _options.Joints[_faultJoint];
        string who = $"joint {joint.Name} (servo {joint.Id})";
        return _fault switch
        {
            ServoArmFault.NoAnswer => $"{who} does not answer on {_stream.Name}: check power, wiring, id and baud rate",
            ServoArmFault.WrongModel => $"{who} has model number {_found}, {_registers.Family} has {string.Join(" or ", _registers.Models)}: another servo than declared",
            ServoArmFault.ReadBack => $"{who} reads back {_found} for a protective register that was written otherwise; it must not be armed",
            ServoArmFault.ServoError => $"{who} reports error 0x{_found:X2} (overload, voltage or temperature): remove the cause, cut power, arm again",
            ServoArmFault.Overheated => string.Create(CultureInfo.InvariantCulture, $"{who} is at {_found} degC, limit {_options.MaxTemperatureC} degC: let it cool, lower the load"),
            ServoArmFault.Stuck => string.Create(CultureInfo.InvariantCulture, $"{who} pushes with {_found} % load and does not move for {_options.StuckTimeS} s: it is blocked"),
            _ => $"{who} missed {_found} answers in a row: cable or servo failed",
        };
    }
}
