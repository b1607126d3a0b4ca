using System.Runtime.InteropServices;
using Robotics.Cli.Demo;
using Robotics.Core;
using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Servos;
using Robotics.Runtime.Guards;
using Robotics.Runtime.Memory;

namespace Robotics.Cli.Processes;

/// <summary>Stands by an arm whose servos have no watchdog: when the control process dies or hangs in motion, takes the bus and lets the arm go gently.</summary>
/// <remarks>A dead process is seen by its pidfd at once, a hanging one by a status that stands still for 80 ms; a hanging one is killed first,
/// because it holds the port. The ramp is rehearsed at the start, so that nothing is compiled when it counts.</remarks>
internal sealed partial class LimpProcess : IDisposable
{
    private const int BeatMs = 5;
    private const long StillNs = 80_000_000; // R16 asks for 100 ms; shorter kills a control process that a busy machine only holds up
    private const long OpenForNs = 2_000_000_000; // the kernel frees the port with the process; a hang-up takes some milliseconds
    private const int PidfdOpen = 434; // SYS_pidfd_open, the same number on every architecture
    private const int KillSignal = 9;
    private readonly ServoArmOptions _options;
    private readonly LimpStandby _standby;
    private readonly EdgeMemory _memory;
    private readonly int _control;
    private readonly int _pidfd;
    private readonly double _rampS;
    private ControlStatus _status = new() { Action = SafetyAction.PowerCut }; // nothing is powered before control says so

    /// <summary>Watches the control process <paramref name="control"/> of the memory <paramref name="memoryName"/>.</summary>
    public LimpProcess(ServoArmOptions options, double rampS, string memoryName, int control)
    {
        _options = options;
        _rampS = rampS;
        _control = control;
        _pidfd = (int)SystemCall(PidfdOpen, control, 0);
        if (_pidfd < 0)
            throw new FailureException($"there is no process {control} to stand by for");
        _memory = EdgeMemory.Open(memoryName);
        _standby = new LimpStandby(memoryName, MonotonicClock.Instance);
        Rehearse();
        ControlStatus earlier = default;
        ControlStatus.TryTakeFrom(_memory.Status, ref earlier); // the word of a control process that was here before
    }

    /// <summary>Stands by until the control process is gone. True where the arm was let go.</summary>
    public bool Run()
    {
        long aliveNs = MonotonicClock.Instance.NowNs;
        long ticks = 0;
        while (true)
        {
            _standby.Beat();
            bool gone = IsReadable(_pidfd, BeatMs);
            long now = MonotonicClock.Instance.NowNs;
            ControlStatus.TryTakeFrom(_memory.Status, ref _status);
            if (_status.Ticks != ticks || _status.Action == SafetyAction.PowerCut)
                (ticks, aliveNs) = (_status.Ticks, now);
            if (gone)
                return LetGo();
            if (now - aliveNs <= StillNs || _standby.HasLeft)
                continue;
            _ = NativeSignals.Kill(_control, KillSignal);
            return LetGo();
        }
    }

    public void Dispose()
    {
        _ = Close(_pidfd);
        _standby.Dispose();
        _memory.Dispose();
    }

    private bool LetGo()
    {
        if (_status.Action == SafetyAction.PowerCut)
            return false; // it was without power
        long end = MonotonicClock.Instance.NowNs + OpenForNs;
        while (MonotonicClock.Instance.NowNs < end)
        {
            try
            {
                using IByteStream bus = _options.Endpoint.Open();
                Ramp(bus, ServoLimp.StepNs(_rampS));
                return true;
            }
            catch (IOException)
            {
                IsReadable(-1, 2); // the port is still being freed
            }
        }
        throw new FailureException($"the control process is gone and {_options.Endpoint} cannot be opened: the arm holds its last goal; cut its supply");
    }

    private void Ramp(IByteStream bus, long stepNs)
    {
        var limp = new ServoLimp(_options);
        long due = MonotonicClock.Instance.NowNs;
        while (!limp.IsLimp)
        {
            limp.Step(bus);
            due += stepNs;
            int wait = (int)Math.Max(0, (due - MonotonicClock.Instance.NowNs) / 1_000_000);
            IsReadable(-1, wait);
        }
    }

    private void Rehearse()
    {
        using PseudoTerminal bus = PseudoTerminal.Create();
        using IByteStream port = new ByteEndpoint(EndpointKind.Serial, bus.PortPath, 1_000_000).Open();
        Ramp(port, 0);
        IsReadable(_pidfd, 0);
    }

    // poll(2) on one descriptor; -1 just waits.
    private static unsafe bool IsReadable(int descriptor, int timeoutMs)
    {
        long entry = (uint)descriptor | (1L << 32); // struct pollfd: fd, events = POLLIN, revents
        return Poll(&entry, 1, timeoutMs) > 0 && entry >> 48 != 0;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long SystemCall(long number, long first, long second);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static unsafe partial int Poll(long* descriptors, nuint count, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
