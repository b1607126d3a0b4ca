using Robotics.Cli.Demo;
using Robotics.Core;
using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Servos;
using Robotics.Runtime.Guards;
using Robotics.Runtime.Memory;

namespace Robotics.Cli.Processes;

/// <summary>Stands by an arm whose servos have no watchdog: when the control process dies or hangs in motion, lets the arm go gently (R16).</summary>
/// <remarks>It shares control's descriptor of the port, so that it need not wait until a dead process's memory is freed. The ramp is rehearsed
/// at the start, so that nothing is compiled when it counts.</remarks>
internal sealed class LimpProcess : IDisposable
{
    private const int BeatMs = 5;
    private const long ShareEveryNs = 200_000_000; // control opens its port late, and anew after a cable was out
    private const long OpenForNs = 2_000_000_000; // the kernel frees the port with the process
    private const int AnswersMs = 5; // six servos answer control's last question within 4 ms
    private readonly ServoArmOptions _options;
    private readonly LimpStandby _standby;
    private readonly EdgeMemory _memory;
    private readonly ProcessWatch _watch;
    private readonly LimpJudge _judge = new();
    private readonly int _control;
    private readonly double _rampS;
    private SharedPort? _port;
    private long _shareNs = long.MinValue;
    private long _firstFrameNs;
    private ControlStatus _status = new() { Action = SafetyAction.PowerCut }; // nothing is powered before control says so

    /// <summary>Watches the control process <paramref name="control"/> of the memory <paramref name="memoryName"/>.</summary>
    public LimpProcess(ServoArmOptions options, double rampS, string memoryName, int control)
    {
        _options = options;
        _rampS = rampS;
        _control = control;
        _watch = new ProcessWatch(control);
        _memory = EdgeMemory.Open(memoryName);
        _standby = new LimpStandby(memoryName, MonotonicClock.Instance);
        Rehearse();
        ControlStatus earlier = default;
        ControlStatus.TryTakeFrom(_memory.Status, ref earlier); // the word of a control process that was here before
    }

    /// <summary>From control's last tick to the first frame of the ramp on the bus, ms: what R16 bounds. Only after <see cref="Run"/> let the arm go.</summary>
    public double ReactionMs => (_firstFrameNs - _judge.LastTickNs) / 1e6;

    /// <summary>Stands by until the control process is gone. True where the arm was let go.</summary>
    public bool Run()
    {
        while (true)
        {
            _standby.Beat();
            SharePort();
            ProcessState control = _watch.Look(BeatMs);
            ControlStatus.TryTakeFrom(_memory.Status, ref _status);
            LimpVerdict verdict = _judge.Look(MonotonicClock.Instance.NowNs, _status.Ticks, _status.Action, control, _standby.HasLeft);
            if (verdict == LimpVerdict.KillAndLetGo)
                _ = NativeSignals.Kill(_control, NativeSignals.KillNow);
            if (verdict != LimpVerdict.StandBy)
                return LetGo();
            if (control == ProcessState.Gone)
                return false; // it was without power
        }
    }

    public void Dispose()
    {
        _port?.Dispose();
        _watch.Dispose();
        _standby.Dispose();
        _memory.Dispose();
    }

    private void SharePort()
    {
        if (_port is { IsHungUp: true })
        {
            _port.Dispose();
            _port = null;
        }
        long now = MonotonicClock.Instance.NowNs;
        if (_port is not null || now < _shareNs || _options.Endpoint.Kind != EndpointKind.Serial)
            return;
        _shareNs = now + ShareEveryNs;
        _port = SharedPort.TryTake(_control, _options.Endpoint.Address);
    }

    private bool LetGo()
    {
        var limp = new ServoLimp(_options); // one for all tries: after a cable was out the ramp goes on where it was, and never back up
        if (_port is not null && Ramp(limp, _port, ServoLimp.StepNs(_rampS)))
            return true;
        _port?.Dispose(); // an exclusively opened port is opened again only when nobody holds it
        _port = null;
        long end = MonotonicClock.Instance.NowNs + OpenForNs;
        while (MonotonicClock.Instance.NowNs < end)
        {
            int sent = limp.Sent;
            if (TryRampAnew(limp))
                return true;
            if (limp.Sent > sent)
                end = MonotonicClock.Instance.NowNs + OpenForNs; // it was there again for a while
        }
        throw new FailureException($"the control process is gone and {_options.Endpoint} cannot be opened: the arm holds its last goal; cut its supply");
    }

    private bool TryRampAnew(ServoLimp limp)
    {
        try
        {
            using IByteStream bus = _options.Endpoint.Open();
            return Ramp(limp, bus, ServoLimp.StepNs(_rampS));
        }
        catch (IOException)
        {
            ProcessWatch.Wait(2); // the port is still being freed, or the cable out
            return false;
        }
    }

    private bool Ramp(ServoLimp limp, IByteStream bus, long stepNs)
    {
        long due = MonotonicClock.Instance.NowNs;
        while (!limp.IsLimp)
        {
            if (!limp.Step(bus))
                return false;
            if (limp.Sent == 1)
            {
                _firstFrameNs = MonotonicClock.Instance.NowNs;
                ProcessWatch.Wait(AnswersMs);
                limp.Again(bus);
            }
            due += stepNs;
            ProcessWatch.Wait((int)Math.Max(0, (due - MonotonicClock.Instance.NowNs) / 1_000_000));
        }
        return true;
    }

    private void Rehearse()
    {
        using PseudoTerminal bus = PseudoTerminal.Create();
        using (IByteStream port = new ByteEndpoint(EndpointKind.Serial, bus.PortPath, 1_000_000).Open())
        {
            using SharedPort? shared = SharedPort.TryTake(Environment.ProcessId, bus.PortPath);
            Ramp(new ServoLimp(_options), shared ?? port, 0);
        }
        for (int i = 0; i < 3; i++)
        {
            _watch.Look(0);
            _judge.Look(0, 0, SafetyAction.PowerCut, ProcessState.Running, hasLeft: false);
        }
    }
}
