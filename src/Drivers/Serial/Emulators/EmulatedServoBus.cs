using System.Globalization;
using Robotics.Drivers.Serial.Servos;

namespace Robotics.Drivers.Serial.Emulators;

/// <summary>A half-duplex servo bus that exists only as a program: answers take as long as their bytes take on the wire.</summary>
public sealed class EmulatedServoBus : IEmulatedDevice
{
    private const long StepNs = 100_000; // 10 kHz: finer than a byte of answer matters to a 200 Hz loop
    private const double ReturnDelayNs = 20_000;
    private readonly IServoProtocol _protocol;
    private readonly IByteStream _stream;
    private readonly FrameScanner _scanner;
    private readonly byte[] _frame = new byte[FrameOutbox.MaxFrame];
    private readonly byte[] _scratch = new byte[FrameOutbox.MaxFrame];
    private readonly Queue<(long DueNs, byte[] Bytes)> _answers = new();
    private readonly double _byteNs;
    private long _busyUntilNs;
    private long _heardNs;
    private bool _watchdogTripped;

    /// <summary>Servos 1..<paramref name="servos"/> of <paramref name="model"/> on the device end <paramref name="stream"/>.</summary>
    public EmulatedServoBus(IServoProtocol protocol, IByteStream stream, int servos, int model, int baud = 1_000_000)
    {
        _protocol = protocol ?? throw new ArgumentNullException(nameof(protocol));
        _stream = stream ?? throw new ArgumentNullException(nameof(stream));
        _scanner = protocol.CreateScanner();
        _byteNs = 10e9 / baud;
        Servos = [.. Enumerable.Range(1, servos).Select(i => new EmulatedServo(protocol.Registers, (byte)i, model, 2048))];
    }

    /// <summary>The servos in the order of their ids.</summary>
    public IReadOnlyList<EmulatedServo> Servos { get; }

    /// <summary>Nanoseconds on the emulator's own time line.</summary>
    public long TimeNs { get; private set; }

    /// <summary>Register whose writes are ignored: a fault option; -1 for none.</summary>
    public int FrozenRegister { get; set; } = -1;

    /// <summary>Frames with a wrong check sum.</summary>
    public long CheckFailures => _scanner.CheckFailures;

    /// <inheritdoc/>
    public void AdvanceTo(long timeNs)
    {
        while (TimeNs + StepNs <= timeNs)
        {
            TimeNs += StepNs;
            while (_scanner.ReadFrom(_stream) == StreamStatus.Ok)
            {
                while (_scanner.TryNext(out ReadOnlySpan<byte> frame))
                    Handle(_protocol.Parse(frame, _scratch), frame.Length);
            }
            foreach (EmulatedServo servo in Servos)
                servo.Step(StepNs / 1e9);
            RunWatchdog();
            while (_answers.TryPeek(out (long DueNs, byte[] Bytes) next) && next.DueNs <= TimeNs)
                _stream.TryWrite(_answers.Dequeue().Bytes, out _);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Torque off, registers in RAM at their defaults; positions and temperatures stay.</remarks>
    public void Restart()
    {
        _answers.Clear();
        _watchdogTripped = false;
        foreach (EmulatedServo servo in Servos)
            servo.Restart();
    }

    /// <inheritdoc/>
    public string Describe()
    {
        string One(EmulatedServo s) => string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{s.Id},\"torque\":{(s.Torque ? "true" : "false")},\"torque_limit\":{s.TorqueLimit:F3},\"position\":{s.Position:F1},\"velocity\":{s.Velocity:F1},\"load\":{s.Load:F3},\"temperature\":{s.Temperature:F1},\"error\":{s.Error}}}");
        return $"{{\"servos\":[{string.Join(',', Servos.Select(One))}],\"check_failures\":{CheckFailures}}}";
    }

    private void Handle(ServoPacket packet, int frameBytes)
    {
        _heardNs = TimeNs;
        _busyUntilNs = Math.Max(_busyUntilNs, TimeNs) + (long)(frameBytes * _byteNs);
        bool wide = _protocol.Registers.GoalBytes == 4; // Dynamixel writes addresses in two bytes
        ReadOnlySpan<byte> d = packet.Data;
        switch ((ServoInstruction)packet.Code)
        {
            case ServoInstruction.Ping:
                Answer(packet.Id, 0, 0);
                break;
            case ServoInstruction.Read when d.Length >= (wide ? 4 : 2):
                Answer(packet.Id, Word(d, wide), Word(d[(wide ? 2 : 1)..], wide));
                break;
            case ServoInstruction.Write when d.Length > (wide ? 2 : 1):
                Store(packet.Id, Word(d, wide), d[(wide ? 2 : 1)..]);
                Answer(packet.Id, 0, 0);
                break;
            case ServoInstruction.SyncRead when d.Length >= (wide ? 4 : 2):
                foreach (byte id in d[(wide ? 4 : 2)..])
                    Answer(id, Word(d, wide), Word(d[(wide ? 2 : 1)..], wide));
                break;
            case ServoInstruction.SyncWrite when d.Length >= (wide ? 4 : 2):
                SyncWrite(d[(wide ? 4 : 2)..], Word(d, wide), Word(d[(wide ? 2 : 1)..], wide));
                break;
        }
    }

    private static int Word(ReadOnlySpan<byte> d, bool wide) => wide ? d[0] | (d[1] << 8) : d[0];

    private void SyncWrite(ReadOnlySpan<byte> d, int address, int size)
    {
        for (; d.Length > size; d = d[(size + 1)..])
            Store(d[0], address, d.Slice(1, size));
    }

    private void Store(byte id, int address, ReadOnlySpan<byte> data)
    {
        EmulatedServo? servo = Find(id);
        if (servo is null || address == FrozenRegister || address + data.Length > servo.Table.Length)
            return;
        if (_watchdogTripped && address == _protocol.Registers.Goal)
            return; // a tripped watchdog takes no goals until it is cleared
        if (address == _protocol.Registers.Watchdog)
            _watchdogTripped = false;
        data.CopyTo(servo.Table.AsSpan(address));
    }

    private void Answer(byte id, int address, int count)
    {
        EmulatedServo? servo = Find(id);
        if (servo is null || servo.Dead || address + count > servo.Table.Length)
            return;
        int n = _protocol.Status(_frame, id, servo.Error, servo.Table.AsSpan(address, count));
        _busyUntilNs += (long)(ReturnDelayNs + (n * _byteNs));
        _answers.Enqueue((_busyUntilNs, _frame[..n]));
    }

    private EmulatedServo? Find(byte id) => id >= 1 && id <= Servos.Count ? Servos[id - 1] : null;

    // Dynamixel X: no instruction for the declared time stops the motion and refuses goals.
    private void RunWatchdog()
    {
        int register = _protocol.Registers.Watchdog;
        if (register < 0 || Servos[0].Table[register] == 0 || TimeNs - _heardNs < Servos[0].Table[register] * 20_000_000L || _watchdogTripped)
            return;
        _watchdogTripped = true;
        foreach (EmulatedServo servo in Servos)
            servo.Store(_protocol.Registers.Goal, (int)servo.Position, _protocol.Registers.GoalBytes);
    }
}
