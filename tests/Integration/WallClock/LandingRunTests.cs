using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Robotics.Cli.Demo;
using Robotics.Cli.Processes;
using Robotics.Policies;
using Robotics.Runtime.Memory;
using Robotics.Tests.Shared;

namespace Robotics.Integration.Tests.WallClock;

/// <summary><c>robotics run</c> of a quadrotor that lands, while its terminal, or the service it runs in, signals all of its processes at once.</summary>
[Collection(WallClockCollection.Name)]
public sealed partial class LandingRunTests : IDisposable
{
    private const int HangUp = 1; // SIGHUP, signal(7)
    private const long LateTicks = 100; // a second at 100 Hz: a second wish of the same kind would count by then
    private readonly TemporaryFolder _folder = new();
    private readonly AutoResetEvent _changed = new(false);
    private readonly string _name = $"landing-{Environment.ProcessId}";
    private readonly EdgeMemory _memory;
    private readonly RoboticsProcess _vehicle;
    private readonly RoboticsProcess _run;
    private ControlStatus _status;
    private bool _armed;
    private double _height;

    public LandingRunTests()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(SharedData.RepositoryRoot, "examples", "hover-rates.rpb"));
        Assert.True(PolicyBundle.TryRead(file, out PolicyBundle? policy, out BundleRefusal refusal), refusal.ToString());
        Assert.True(new PolicyStore(_folder["bundles"]).TryInstall(policy!, out refusal), refusal.ToString());
        EdgeMemory.Delete(_name);
        _memory = EdgeMemory.Open(_name);
        string port = _folder["device"];
        _vehicle = new RoboticsProcess(
            _changed, null, "sim", "--robot", Path.Combine(SharedData.RepositoryRoot, "hardware", "px4-quad", "rates.yaml"), "--link", $"pty:{port}", "--report-ms", "20");
        Await(() => File.Exists(port), 30, "the emulator's port");
        _run = new RoboticsProcess(
            _changed, null, "run", Path.Combine(SharedData.RepositoryRoot, "runs", "px4-hover-rates.yaml"), "--offline", "--folder", _folder.Path,
            "--set", $"run={_name}", "--set-robot", $"driver.endpoint=serial:{port}:921600");
    }

    public void Dispose()
    {
        _run.Terminate();
        _run.WaitForExit(TimeSpan.FromSeconds(90)); // it lands
        _run.Dispose();
        _vehicle.Dispose();
        _memory.Dispose();
        EdgeMemory.Delete(_name);
        File.Delete(ControlProcess.SocketPath(_name));
        _changed.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(NativeSignals.Interrupt)]
    [InlineData(HangUp)]
    [InlineData(NativeSignals.Terminate)]
    public void Run_SignalToTheWholeGroupInFlight_LandsOnceAndEveryRecordOfTheLandingArrives(int signal)
    {
        (int control, int agent) = TakeOff();
        Assert.Equal(0, NativeSignals.Kill(control, signal));
        Assert.Equal(0, NativeSignals.Kill(agent, signal));
        Await(() => _status.Action == SafetyAction.ControlledStop, 20, "the stop");
        long before = _status.Ticks;
        Await(() => _status.Ticks > before + LateTicks, 20, "a second of the landing");
        Assert.Equal(0, NativeSignals.Kill(_run.Id, signal)); // and passes it on to control, which knows it already
        if (signal == HangUp)
            Assert.Equal(0, NativeSignals.Kill(control, signal)); // a shell hangs up on its jobs, too
        Await(() => _run.HasExited, 90, "the end");
        Assert.True(_run.ExitCode == 0, $"exit code {_run.ExitCode}: {_run.Errors}");
        Assert.DoesNotContain("starting it again", _run.Errors, StringComparison.Ordinal); // the agent outlived the signal
        Await(() => !_armed, 10, "disarming");
        Assert.InRange(_height, -0.05, 0.15);
        Assert.True(_status.Recorded > LateTicks, $"{_status.Recorded} records");
        Assert.Equal(_status.Recorded, IdentityCount.Of(_folder["spool"], _folder["spool"]).Recorded);
        Assert.Contains(File.ReadLines(_folder["safety.jsonl"]), line => line.Contains("shutdown", StringComparison.Ordinal) && line.Contains("\"to\":\"power_cut\"", StringComparison.Ordinal));
    }

    private (int Control, int Agent) TakeOff()
    {
        string said = "";
        Await(() => _run.TryReadLine(out said), 60, "robotics run");
        Match ids = ChildIds().Match(said);
        string refusal = "";
        bool TryFly()
        {
            if (_status.Arming == Robotics.Safety.ArmingState.Latched)
                RoboticsCommand.Execute("operator", "acknowledge", "--memory", _name); // a busy machine held the loop up
            else if (_status.Boot != 0 && _status.Installed > 0 && _status.Arming == Robotics.Safety.ArmingState.Disarmed)
                refusal = RoboticsCommand.Execute("operator", "arm", "--memory", _name).Output;
            return _status.FlownNs > 1_000_000_000;
        }

        Await(TryFly, 90, "take-off", () => refusal);
        return (int.Parse(ids.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(ids.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
    }

    private void Await(Func<bool> done, double seconds, string what, Func<string>? more = null)
    {
        long deadline = MonotonicClock.Instance.NowNs + (long)(seconds * 1e9);
        while (!done())
        {
            Assert.True(
                MonotonicClock.Instance.NowNs < deadline, $"{what} did not come: {_status.Arming}, {_status.Action}, {_status.Causes}; {more?.Invoke()} {_run?.Errors} {_vehicle?.Errors}");
            _changed.WaitOne(TimeSpan.FromMilliseconds(20));
            while (_vehicle is not null && _vehicle.TryReadLine(out string line))
                Hear(line);
            ControlStatus.TryTakeFrom(_memory.Status, ref _status);
        }
    }

    private void Hear(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        if (!document.RootElement.TryGetProperty("device", out JsonElement device))
            return;
        _armed = device.GetProperty("armed").GetBoolean();
        _height = device.GetProperty("position")[2].GetDouble();
    }

    [GeneratedRegex("control ([0-9]+), agent ([0-9]+)", RegexOptions.None, 1000)]
    private static partial Regex ChildIds();
}
