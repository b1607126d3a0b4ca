using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Robotics.Cli.Bench;
using Robotics.Cli.Demo;
using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;

namespace Robotics.Cli.Safety;

/// <summary>The part of the safety campaign that needs real processes: a control process flies at 500 Hz while its agent, which proposes for a
/// person, is killed and stopped; then operators stop it with the agent dead, and it is stopped itself.</summary>
internal sealed class WallTrials : IDisposable
{
    private const int RateHz = 500;
    private const double PolicyPeriodMs = 10; // tasks/hover.yaml: 100 Hz
    private const int Stretch = 100; // trials, and then as many ticks without
    private const int Priority = 80; // the control process's
    private const int KillEvery = 10; // a killed agent's successor must start, which takes the machine longer than all else here
    private const int OperatorStops = 20;
    private const long SignalNs = 1_000_000; // half a control period
    private const long PatienceNs = 60_000_000_000;

    private readonly string _folder;
    private readonly int _trials;
    private readonly SeededRandom _random;
    private readonly Action<string>? _log;
    private readonly string _name = $"wall-{Environment.ProcessId}";
    private readonly string _run;
    private readonly IPEndPoint _operator;
    private readonly AutoResetEvent _changed = new(false);
    private readonly EdgeMemory _memory;
    private readonly List<double> _replacementsMs = [];
    private readonly WallWindow _with = new();
    private readonly WallWindow _without = new();
    private readonly CpuLatencyRequest? _awake = CpuLatencyRequest.TryHold(out _); // the C loop afterwards under the same condition as control, which says where it cannot
    private readonly byte[] _frame = new byte[ProposalFrame.MaxBytes];
    private double _worstAfterDeadlineNs;
    private ControlStatus _status;
    private ActionSource _commanding; // by the journal's newest entry
    private long _commandingSinceNs;
    private int _void;
    private RoboticsProcess? _standby;

    public WallTrials(string folder, int trials, ulong seed, Action<string>? log)
    {
        _folder = folder;
        _trials = trials;
        _random = new SeededRandom(seed, "wall");
        _log = log;
        _operator = FreePort();
        _run = WriteRun();
        OperatorKey.Create(folder);
        _memory = EdgeMemory.Open(_name);
    }

    public WallResult Run()
    {
        RestingPolicy.Install(RunDescription.Load(_run), _folder);
        using var control = new RoboticsProcess(
            _changed, RealTimeRun.ControlEnvironment,
            ["control", _run, "--memory", _name, "--folder", _folder, "--hover", "--json", "--set-robot", $"control_rate_hz={RateHz}",
                "--set-robot", $"driver.integrator_rate_hz={RateHz}", "--set-robot", "driver.disturbance_force_std_n=0", "--set-robot", "driver.disturbance_torque_std_n_m=0"]);
        RoboticsProcess agent = NextAgent(control);
        int kills = 0;
        try
        {
            for (int done = 0; done < _trials;)
            {
                int until = Math.Min(done + Stretch, _trials);
                _with.Begin(Tell(control));
                for (; done < until; done++)
                    agent = TrialThatCounts(control, agent, kill: done % KillEvery == 0, ref kills);
                Rest(control, _with.End(Tell(control)));
                _log?.Invoke($"{done} trials, {_with.Missed} missed ticks, {_without.Missed} in as many ticks without, worst replacement {_replacementsMs.Max():F1} ms");
            }
        }
        finally
        {
            agent.Dispose();
            _standby?.Dispose();
        }
        Await(control, e => e.Authority == ActionSource.Policy || _status.Authority == ActionSource.Policy, 0);
        double[] local = [.. Enumerable.Range(0, OperatorStops / 2).Select(_ => StopAndArmAgain(control, udp: false))];
        double[] udp = [.. Enumerable.Range(0, OperatorStops / 2).Select(_ => StopAndArmAgain(control, udp: true))];
        double standstill = Standstill(control);
        ControlResult result = End(control);
        double[] sorted = [.. _replacementsMs.Order()];
        return new WallResult
        {
            ControlRateHz = RateHz,
            Kills = kills,
            Stops = _trials - kills,
            VoidTrials = _void,
            Ticks = result.Ticks,
            WithTrials = _with,
            WithoutTrials = _without,
            CLoop = CLoopBeside(_with.Ticks),
            WorstReplacementMs = sorted[^1],
            MedianReplacementMs = sorted[sorted.Length / 2],
            WorstReplacementPeriods = sorted[^1] / PolicyPeriodMs,
            WorstAfterDeadlineTicks = _worstAfterDeadlineNs * RateHz / 1e9,
            WorstStopLocalMs = local.Max(),
            WorstStopUdpMs = udp.Max(),
            StopsByOperators = OperatorStops,
            StopAfterStandstillMs = standstill,
            AllocatedBytes = result.AllocatedBytes,
            Collections = result.Collections,
            Degraded = result.Degraded,
        };
    }

    public void Dispose()
    {
        _awake?.Dispose();
        _memory.Dispose();
        EdgeMemory.Delete(_name);
        _changed.Dispose();
    }

    private RoboticsProcess TrialThatCounts(RoboticsProcess control, RoboticsProcess agent, bool kill, ref int kills)
    {
        kills += kill ? 1 : 0;
        int measured = _replacementsMs.Count;
        while (_replacementsMs.Count == measured)
            agent = Trial(control, agent, kill);
        return agent;
    }

    // One kill or stop at a random moment of a policy period, and what control did about it by its own journal. An agent without real-time
    // rights may fall silent by itself just before, and this process may be interrupted while it signals: such a trial measures nothing, is counted
    // as void and made again.
    private RoboticsProcess Trial(RoboticsProcess control, RoboticsProcess agent, bool kill)
    {
        long signalled;
        do
        {
            LinuxRealTime.SleepUntil(MonotonicClock.Instance.NowNs + (long)(_random.NextDouble() * PolicyPeriodMs * 1e6));
            signalled = MonotonicClock.Instance.NowNs;
        }
        while (!PersonCommands(control));
        _ = NativeSignals.Kill(agent.Id, kill ? NativeSignals.KillNow : NativeSignals.Stop);
        bool sentAtOnce = MonotonicClock.Instance.NowNs - signalled < SignalNs;
        long replaced = Await(control, e => e.Authority == ActionSource.Policy, _commandingSinceNs);
        if (sentAtOnce && replaced >= signalled)
            Measured(signalled, replaced);
        else
            _void++;
        if (kill)
        {
            agent.Dispose();
            return NextAgent(control);
        }
        long resumed = MonotonicClock.Instance.NowNs;
        _ = NativeSignals.Kill(agent.Id, NativeSignals.Continue);
        Await(control, e => e.Authority == ActionSource.Human, resumed);
        return agent;
    }

    private void Measured(long signalled, long replaced)
    {
        _replacementsMs.Add((replaced - signalled) / 1e6);
        int length = _memory.HumanProposals.TryTake(_frame);
        if (length >= 0 && ProposalFrame.TryDecode(_frame.AsSpan(0, length), out ProposalFrame last, out _) == ProposalStatus.Ok)
            _worstAfterDeadlineNs = Math.Max(_worstAfterDeadlineNs, replaced - last.DeadlineNs);
    }

    private bool PersonCommands(RoboticsProcess control)
    {
        Tell(control);
        while (TryTakeEntry(out _))
        {
        }
        return _commanding == ActionSource.Human;
    }

    private bool TryTakeEntry(out SafetyEntry entry)
    {
        if (!SafetyEntry.TryTakeFrom(_memory.Transitions, out entry))
            return false;
        _memory.Transitions.Release();
        if (entry.Authority == _commanding)
            return true;
        _commanding = entry.Authority;
        _commandingSinceNs = entry.TimeNs;
        return true;
    }

    // The successor was started one kill ahead, so that a trial does not wait for the runtime's own start.
    private RoboticsProcess NextAgent(RoboticsProcess control)
    {
        RoboticsProcess agent = _standby ?? StartAgent();
        _standby = _trials > KillEvery ? StartAgent() : null;
        long begun = MonotonicClock.Instance.NowNs;
        agent.WriteLine("go");
        Await(control, e => e.Authority == ActionSource.Human, begun);
        return agent;
    }

    private RoboticsProcess StartAgent() => new(_changed, null, ["safety", "wall-agent", _run, _folder, _name]);

    // As many ticks in which nothing happens to the agent.
    private void Rest(RoboticsProcess control, long ticks)
    {
        _without.Begin(_status);
        long until = _status.Ticks + ticks;
        while (Tell(control).Ticks < until)
            LinuxRealTime.SleepUntil(MonotonicClock.Instance.NowNs + 500_000); // looks as often as a trial does
        _without.End(_status);
    }

    private WallWindow? CLoopBeside(long ticks)
    {
        try
        {
            string loop = CLoop.Compile(_folder);
            double steal = StealTime.TotalMs;
            PeerBlock block = CLoop.Block(loop, RateHz, (int)Math.Max(1, ticks / RateHz), Priority, Environment.ProcessorCount - 1);
            return new WallWindow { Ticks = block.Ticks, Missed = block.Misses, StealMs = StealTime.TotalMs - steal };
        }
        catch (FailureException e)
        {
            Console.Error.WriteLine($"robotics safety campaign: the C loop beside it is left out: {e.Message}");
            return null;
        }
    }

    private double StopAndArmAgain(RoboticsProcess control, bool udp)
    {
        byte[] key = udp ? OperatorKey.Load(_folder) : [];
        long sent = MonotonicClock.Instance.NowNs;
        Send(OperatorVerb.EmergencyStop, udp, key);
        long cut = Await(control, e => e.To == SafetyAction.PowerCut, sent);
        Send(OperatorVerb.Acknowledge, udp, key);
        Send(OperatorVerb.Arm, udp, key);
        Await(control, e => e.Authority == ActionSource.Policy, cut);
        return (cut - sent) / 1e6;
    }

    private void Send(OperatorVerb verb, bool udp, byte[] key)
    {
        var datagram = new byte[OperatorCommandCodec.Length];
        OperatorCommandCodec.Encode(verb, (ulong)(WallClock.UtcNow.UtcTicks * 100), _status.Boot, key, datagram);
        using var socket = udp ? new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) : new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(datagram, udp ? _operator : new UnixDomainSocketEndPoint(ControlProcess.SocketPath(_name)));
    }

    private double Standstill(RoboticsProcess control)
    {
        _ = NativeSignals.Kill(control.Id, NativeSignals.Stop);
        LinuxRealTime.SleepUntil(MonotonicClock.Instance.NowNs + 300_000_000);
        long resumed = MonotonicClock.Instance.NowNs;
        _ = NativeSignals.Kill(control.Id, NativeSignals.Continue);
        return (Await(control, e => e.To >= SafetyAction.ControlledStop, resumed) - resumed) / 1e6;
    }

    // Waits for a transition of the supervisor that fits, and gives control's own time of it.
    private long Await(RoboticsProcess control, Func<SafetyEntry, bool> fits, long sinceNs)
    {
        long deadline = MonotonicClock.Instance.NowNs + PatienceNs;
        while (MonotonicClock.Instance.NowNs < deadline)
        {
            Tell(control);
            if (sinceNs == 0 && fits(default))
                return 0;
            while (TryTakeEntry(out SafetyEntry entry))
            {
                if (entry.TimeNs >= sinceNs && fits(entry))
                    return entry.TimeNs;
            }
            LinuxRealTime.SleepUntil(MonotonicClock.Instance.NowNs + 500_000);
        }
        throw new FailureException($"nothing happened for {PatienceNs / 1_000_000_000} s: {_status.Authority} commands, action {_status.Action}, causes {_status.Causes}; {control.Errors}");
    }

    private ref readonly ControlStatus Tell(RoboticsProcess control)
    {
        if (control.HasExited)
            throw new FailureException($"the control process ended with exit code {control.ExitCode}: {control.Errors}");
        ControlStatus.TryTakeFrom(_memory.Status, ref _status);
        return ref _status;
    }

    private ControlResult End(RoboticsProcess control)
    {
        control.Terminate();
        if (!control.WaitForExit(TimeSpan.FromSeconds(30)) || control.ExitCode != 0)
            throw new FailureException($"the control process did not end well: {control.Errors}");
        while (control.TryReadLine(out string line))
        {
            if (line.StartsWith('{'))
                return JsonSerializer.Deserialize<ControlResult>(line)!;
        }
        throw new FailureException($"the control process printed no result: {control.Errors}");
    }

    private string WriteRun()
    {
        string path = Path.Combine(_folder, "wall.yaml");
        string root = Path.GetFullPath("..", Path.GetFullPath(Installation.PathOf("runs")));
        string text = File.ReadAllText(Installation.PathOf("runs/hover.yaml")).Replace("../", root + "/", StringComparison.Ordinal);
        File.WriteAllText(path, text + $"\noperator: {{udp: \"{_operator}\"}}\n");
        return path;
    }

    private static IPEndPoint FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
