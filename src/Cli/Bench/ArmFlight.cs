using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Robotics.Cli.Demo;
using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Runtime.Guards;
using Robotics.Runtime.Memory;
using Robotics.Safety;

namespace Robotics.Cli.Bench;

/// <summary>An emulated SO-101 on a pseudo-terminal that <c>robotics run</c> holds, as a user starts both.</summary>
internal sealed partial class ArmFlight : IDisposable
{
    /// <summary>Load above which a servo that does not move is stuck: stuck_load in hardware/so101-arm/robot.yaml.</summary>
    public const double PushingLoad = 0.4;

    private const int ReportMs = 2;
    private const int Presses = 20; // of the arm button: refused until the device is identified
    private const long HeldNs = 1_000_000_000;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(2);
    private readonly AutoResetEvent _changed = new(false);
    private readonly string _name = $"arm-reaction-{Environment.ProcessId}";
    private readonly RoboticsProcess _emulator;
    private readonly RoboticsProcess _run;
    private readonly EdgeMemory _memory;
    private ControlStatus _status;
    private long _didNs;
    private bool _pushes;

    /// <summary>Starts the processes; nothing is armed yet. Everything is kept in <paramref name="folder"/>.</summary>
    public ArmFlight(string folder)
    {
        string run = Installation.PathOf("runs/so101-arm.yaml");
        string port = Path.Combine(folder, "arm");
        Directory.CreateDirectory(folder);
        RestingPolicy.Install(RunDescription.Load(run), folder);
        EdgeMemory.Delete(_name);
        _memory = EdgeMemory.Open(_name);
        _emulator = new RoboticsProcess(_changed, null, ["sim", "--robot", Installation.PathOf("hardware/so101-arm/robot.yaml"), "--link", $"pty:{port}", "--report-ms", $"{ReportMs}"]);
        Await(() => File.Exists(port), 30, "the emulator's port");
        _run = new RoboticsProcess(_changed, null, ["run", run, "--folder", folder, "--offline", "--set", $"run={_name}", "--set-robot", $"driver.endpoint=serial:{port}:1000000"]);
        Await(() => ControlId != 0, 60, "robotics run");
    }

    /// <summary>Process id of control; 0 before robotics run has told it.</summary>
    public int ControlId { get; private set; }

    /// <summary>What robotics run printed last of the device.</summary>
    public string DeviceLine { get; private set; } = "";

    /// <summary>Time of the emulator's last report, monotonic ns.</summary>
    public long TimeNs { get; private set; }

    /// <summary>Least torque limit of the servos, share of their full torque.</summary>
    public double TorqueLimit { get; private set; } = 1;

    /// <summary>Some servo is powered.</summary>
    public bool Torque { get; private set; }

    /// <summary>Emulator's time, monotonic ns, since when some servo has pushed with more than <see cref="PushingLoad"/>, or last did.</summary>
    public long PushingSinceNs { get; private set; }

    /// <summary>Control's newest word about itself.</summary>
    public ref readonly ControlStatus Status => ref _status;

    /// <summary>Arms as a person does.</summary>
    public void ArmOnly()
    {
        Await(() => _status.Boot != 0 && _status.Installed > 0, 60, "control and its policy");
        for (int i = 0; i < Presses && _status.Arming == ArmingState.Disarmed; i++)
        {
            Operator("arm");
            Watch(() => _status.Arming != ArmingState.Disarmed, 1);
        }
    }

    /// <summary>Arms as a person does, until the device itself has stopped the arm. A machine that did not let the loop run for 15 ms stops it, too, and a person presses again.</summary>
    public void ArmUntilTheDeviceStops()
    {
        for (int i = 0; i < Presses; i++)
        {
            ArmOnly();
            if (Watch(() => _status.Action >= SafetyAction.ControlledStop, 10) && _status.Causes.HasFlag(SafetyCauses.DriverFault))
                return;
            Disarm();
        }
    }

    /// <summary>Arms as a person does, with <c>robotics operator</c>, and waits until the arm is held.</summary>
    public void Arm()
    {
        for (int i = 0; i < Presses; i++)
        {
            long flown = _status.FlownNs;
            ArmOnly();
            if (Watch(() => _status.FlownNs > flown + HeldNs || _status.Action >= SafetyAction.ControlledStop, 10) && _status.Action < SafetyAction.ControlledStop)
                return;
            if (_status.Action != SafetyAction.PowerCut)
                Disarm(); // a machine that did not let the loop run for 15 ms stops it, and a person presses again
        }
        Await(() => false, 0, "an arm that is held");
    }

    /// <summary>A person takes the power away.</summary>
    public void Disarm()
    {
        Operator("disarm");
        Await(() => _status.Action == SafetyAction.PowerCut, 10, "power cut");
    }

    /// <summary>Sends control a signal. Returns when, monotonic ns.</summary>
    public long Signal(int number)
    {
        long now = MonotonicClock.Instance.NowNs;
        _ = NativeSignals.Kill(ControlId, number);
        return now;
    }

    /// <summary>Tells the emulator to break something, and waits until it did. Returns when, monotonic ns.</summary>
    public long Break(string command)
    {
        _didNs = 0;
        _emulator.WriteLine(command);
        Await(() => _didNs != 0, 10, command);
        return _didNs;
    }

    /// <summary>Looks at everything until <paramref name="done"/>; false after <paramref name="seconds"/>.</summary>
    public bool Watch(Func<bool> done, double seconds)
    {
        long end = MonotonicClock.Instance.NowNs + (long)(seconds * 1e9);
        while (!done())
        {
            if (MonotonicClock.Instance.NowNs > end)
                return false;
            _changed.WaitOne(s_look);
            while (!done() && _emulator.TryReadLine(out string line))
                Hear(line);
            while (_run is not null && _run.TryReadLine(out string line))
                Read(line);
            ControlStatus.TryTakeFrom(_memory.Status, ref _status);
        }
        return true;
    }

    public void Dispose()
    {
        _run.Terminate();
        _run.WaitForExit(TimeSpan.FromSeconds(10));
        _run.Dispose();
        _emulator.Dispose();
        _memory.Dispose();
        EdgeMemory.Delete(_name);
        File.Delete(ControlProcess.SocketPath(_name));
        File.Delete(LimpStandby.PathOf(_name));
        _changed.Dispose();
    }

    private void Operator(string verb)
    {
        using var process = new RoboticsProcess(_changed, null, ["operator", verb, "--memory", _name]);
        Await(() => process.HasExited, 30, "robotics operator");
    }

    private void Await(Func<bool> done, double seconds, string what)
    {
        if (!Watch(done, seconds))
            throw new FailureException($"{what} did not come within {seconds} s; control: {_status.Action}, causes {_status.Causes}, missing {_status.ArmingMissing}; {DeviceLine}; {_run?.Errors} {_emulator?.Errors}");
    }

    private void Read(string line)
    {
        if (ControlLine().Match(line) is { Success: true } match)
            ControlId = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        int at = line.IndexOf(" device: ", StringComparison.Ordinal);
        if (at >= 0)
            DeviceLine = line[(at + " device: ".Length)..];
    }

    private void Hear(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        TimeNs = root.GetProperty("t_ns").GetInt64();
        if (!root.TryGetProperty("device", out JsonElement device))
        {
            _didNs = TimeNs;
            return;
        }
        bool pushed = _pushes;
        (TorqueLimit, Torque, _pushes) = (1, false, false);
        foreach (JsonElement servo in device.GetProperty("servos").EnumerateArray())
        {
            TorqueLimit = Math.Min(TorqueLimit, servo.GetProperty("torque_limit").GetDouble());
            Torque |= servo.GetProperty("torque").GetBoolean();
            _pushes |= Math.Abs(servo.GetProperty("load").GetDouble()) > PushingLoad;
        }
        PushingSinceNs = _pushes && !pushed ? TimeNs : PushingSinceNs;
    }

    [GeneratedRegex("control ([0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex ControlLine();
}
