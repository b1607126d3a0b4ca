using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Robotics.Cli.Demo;
using Robotics.Cli.Processes;
using Robotics.Core;
using Robotics.Policies;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Memory;
using Robotics.Safety;

namespace Robotics.Cli.Bench;

/// <summary>A policy that flies an emulated autopilot through a pseudo-terminal, in real time: emulator, control and agent are processes of their own.</summary>
internal sealed class ReactionFlight : IDisposable
{
    private const int ReportMs = 5;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(2);
    private readonly AutoResetEvent _changed = new(false);
    private readonly string _name = $"reaction-{Environment.ProcessId}";
    private readonly string _folder;
    private readonly string _run;
    private readonly string _port;
    private readonly EdgeMemory _memory;
    private readonly RoboticsProcess _emulator;
    private ControlStatus _status;
    private ulong _sequence = (ulong)WallClock.UtcNow.UtcTicks * 100;

    /// <summary>Starts the processes; nothing is armed yet.</summary>
    /// <param name="folder">Spool and policies; the policy is installed there.</param>
    /// <param name="robot">robot.yaml of the run, for the emulator.</param>
    /// <param name="run">The run.</param>
    /// <param name="policy">The bundle that flies.</param>
    public ReactionFlight(string folder, string robot, string run, PolicyBundle policy)
    {
        _folder = folder;
        _run = run;
        _port = Path.Combine(folder, "device");
        if (!new PolicyStore(Path.Combine(folder, "bundles")).TryInstall(policy, out BundleRefusal refusal))
            throw new FailureException(refusal.ToString(), ExitCode.Incompatible);
        EdgeMemory.Delete(_name);
        _memory = EdgeMemory.Open(_name);
        _emulator = new RoboticsProcess(_changed, null, ["sim", "--robot", robot, "--link", $"pty:{_port}", "--report-ms", $"{ReportMs}"]);
        Await(() => File.Exists(_port), 30, "the emulator's port");
        Agent = StartAgent();
        Control = new RoboticsProcess(
            _changed, RealTimeRun.ControlEnvironment,
            ["control", run, "--memory", _name, "--hover", "--set-robot", $"driver.endpoint=serial:{_port}:921600"]);
    }

    /// <summary>The control process.</summary>
    public RoboticsProcess Control { get; }

    /// <summary>The agent.</summary>
    public RoboticsProcess Agent { get; private set; }

    /// <summary>The emulator's newest word about itself.</summary>
    public ReactionState Device { get; private set; } = new(0, "", false, 0, 0, 0, 0);

    /// <summary>When the emulator did what it was told last, monotonic ns.</summary>
    public long DidNs { get; private set; }

    /// <summary>Control's newest word about itself.</summary>
    public ref readonly ControlStatus Status => ref _status;

    /// <summary>Arms and waits until the policy has flown for a second.</summary>
    public void TakeOff()
    {
        Await(() => _status.Boot != 0 && _status.Installed > 0, 60, "control and its policy");
        long nextTry = 0;
        Await(
            () =>
            {
                bool held = _status.Arming == ArmingState.Latched; // a busy machine held the loop up
                if ((held || _status.Action == SafetyAction.PowerCut) && MonotonicClock.Instance.NowNs > nextTry)
                {
                    nextTry = MonotonicClock.Instance.NowNs + 500_000_000; // refused until the device is identified: press again
                    if (held)
                        Send(OperatorVerb.Acknowledge);
                    Send(OperatorVerb.Arm);
                }
                return _status.FlownNs > 1_000_000_000;
            },
            60, "take-off");
    }

    /// <summary>Sends an operator's command over the local socket.</summary>
    public void Send(OperatorVerb verb)
    {
        var datagram = new byte[OperatorCommandCodec.Length];
        OperatorCommandCodec.Encode(verb, ++_sequence, _status.Boot, [], datagram);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(datagram, new UnixDomainSocketEndPoint(ControlProcess.SocketPath(_name)));
    }

    /// <summary>Tells the emulator to break something, and waits until it did.</summary>
    public void Break(string command)
    {
        DidNs = 0;
        _emulator.WriteLine(command);
        Await(() => DidNs != 0, 10, command);
    }

    /// <summary>Starts the agent again.</summary>
    public void RestartAgent()
    {
        Agent.Dispose();
        Agent = StartAgent();
    }

    /// <summary>Looks at both until <paramref name="done"/>; false after <paramref name="seconds"/>.</summary>
    public bool Watch(Func<bool> done, double seconds)
    {
        long end = MonotonicClock.Instance.NowNs + (long)(seconds * 1e9);
        while (!done())
        {
            if (MonotonicClock.Instance.NowNs > end)
                return false;
            _changed.WaitOne(s_look);
            while (_emulator.TryReadLine(out string line))
                Hear(line);
            ControlStatus.TryTakeFrom(_memory.Status, ref _status);
        }
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Control.Dispose();
        Agent.Dispose();
        _emulator.Dispose();
        _memory.Dispose();
        EdgeMemory.Delete(_name);
        File.Delete(ControlProcess.SocketPath(_name));
        _changed.Dispose();
    }

    private RoboticsProcess StartAgent() => new(_changed, null, ["agent", _run, "--memory", _name, "--folder", _folder, "--offline"]);

    private void Await(Func<bool> done, double seconds, string what)
    {
        if (!Watch(done, seconds))
            throw new FailureException($"{what} did not come within {seconds} s; control: {_status.Action}, causes {_status.Causes}; {Control?.Errors} {_emulator?.Errors}");
    }

    private void Hear(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        long timeNs = root.GetProperty("t_ns").GetInt64();
        if (root.TryGetProperty("device", out JsonElement d))
        {
            JsonElement p = d.GetProperty("position");
            Device = new ReactionState(
                timeNs, d.GetProperty("mode").GetString() ?? "", d.GetProperty("armed").GetBoolean(), p[0].GetDouble(), p[1].GetDouble(), p[2].GetDouble(),
                d.GetProperty("setpoints").GetInt64());
        }
        else
        {
            DidNs = root.TryGetProperty("did", out _) ? timeNs : throw new FailureException(string.Create(CultureInfo.InvariantCulture, $"the emulator does not know {line}"));
        }
    }
}
