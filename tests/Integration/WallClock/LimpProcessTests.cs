using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Robotics.Cli.Demo;
using Robotics.Cli.Processes;
using Robotics.Runtime.Memory;
using Robotics.Tests.Shared;

namespace Robotics.Integration.Tests.WallClock;

/// <summary><c>robotics run</c> of an arm whose servos have no watchdog: control, agent, limping process and the emulated bus are processes of their own (R16).</summary>
[Collection(WallClockCollection.Name)]
public sealed partial class LimpProcessTests : IDisposable
{
    private const int KillNow = 9;
    private readonly TemporaryFolder _folder = new();
    private readonly AutoResetEvent _changed = new(false);
    private readonly string _name = $"limp-{Environment.ProcessId}";
    private readonly RoboticsProcess _arm;
    private readonly RoboticsProcess _run;
    private bool[] _torque = [];

    public LimpProcessTests()
    {
        string source = Path.Combine(SharedData.RepositoryRoot, "hardware", "so101-arm");
        string robot = _folder["robot.yaml"];
        File.Copy(Path.Combine(source, "calibration.yaml"), _folder["calibration.yaml"]);
        File.WriteAllText(robot, File.ReadAllText(Path.Combine(source, "robot.yaml"))
            .Replace("serial:/dev/serial/by-id/REPLACE-ME", $"serial:{_folder["port"]}", StringComparison.Ordinal)
            .Replace("checks: [policy, ", "checks: [", StringComparison.Ordinal));
        string[] joints = ["shoulder_pan", "shoulder_lift", "elbow", "wrist_flex", "wrist_roll", "gripper"];
        File.WriteAllText(_folder["task.yaml"], $$"""
            task: arm-rest
            policy_rate_hz: 100
            observation: {frame: [{quantity: channels, channels: [{{string.Join(", ", joints.Select(j => $"joint.{j}.position"))}}]}]}
            action: {initial: middle}
            reward: {terms: []}
            termination: []
            truncation: {max_steps: 100000}
            reset: {}
            """);
        File.WriteAllText(_folder["run.yaml"], $$"""
            run: {{_name}}
            robot: robot.yaml
            task: task.yaml
            steps: 1000
            algorithm: {kind: none}
            publish: {every_steps: 100}
            lockstep: {lead_steps: 100}
            link: {endpoint: "tcp://127.0.0.1:5555"}
            spool: {fsync_interval_ms: 50, max_mib: 64}
            checkpoint: {every_steps: 100}
            evaluation: {episodes: 1}
            """);
        EdgeMemory.Delete(_name);
        _arm = new RoboticsProcess(_changed, null, "sim", "--robot", robot, "--link", $"pty:{_folder["port"]}", "--report-ms", "20");
        Await(() => File.Exists(_folder["port"]), "the emulated bus");
        _run = new RoboticsProcess(_changed, null, "run", _folder["run.yaml"], "--offline", "--folder", _folder["out"]);
    }

    public void Dispose()
    {
        _run.Terminate();
        _run.WaitForExit(TimeSpan.FromSeconds(20)); // so that its children end with it
        _run.Dispose();
        _arm.Dispose();
        EdgeMemory.Delete(_name);
        File.Delete($"/dev/shm/robotics-{_name}.limp");
        File.Delete(ControlProcess.SocketPath(_name));
        _changed.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Run_ToldToEnd_ControlEndsInOrderAndTheArmIsLetGoAfterIt()
    {
        PowerUp();
        _run.Terminate();
        Await(() => _torque.All(t => !t), "the limp");
        Assert.True(_run.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.True(_run.ExitCode == 0, $"exit code {_run.ExitCode}: {_run.Errors}"); // not killed as one that hangs
        Assert.Contains("the arm was let go", _run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ControlKilled_TheArmIsLetGo()
    {
        int control = PowerUp();
        Assert.Equal(0, NativeSignals.Kill(control, KillNow));
        Await(() => _torque.All(t => !t), "the limp");
        Assert.True(_run.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.NotEqual(0, _run.ExitCode);
        Assert.Contains("the arm was let go", _run.Errors, StringComparison.Ordinal);
    }

    // Arms, which needs the limping process to stand by, and gives the process id of control.
    private int PowerUp()
    {
        string said = "";
        Await(() => _run.TryReadLine(out said), "robotics run");
        Await(() => RoboticsCommand.Execute("operator", "arm", "--memory", _name).Code == 0, "arming");
        Await(() => _torque.Length == 6 && _torque.All(t => t), "torque");
        return int.Parse(ControlId().Match(said).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private void Await(Func<bool> done, string what)
    {
        long deadline = MonotonicClock.Instance.NowNs + 60_000_000_000;
        while (!done())
        {
            Assert.True(MonotonicClock.Instance.NowNs < deadline, $"{what} did not come: {_arm?.Errors} {_run?.Errors}");
            _changed.WaitOne(TimeSpan.FromMilliseconds(20));
            while (_arm is not null && _arm.TryReadLine(out string line))
                Hear(line);
        }
    }

    private void Hear(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        if (document.RootElement.TryGetProperty("device", out JsonElement device))
            _torque = [.. device.GetProperty("servos").EnumerateArray().Select(s => s.GetProperty("torque").GetBoolean())];
    }

    [GeneratedRegex(@"control (\d+)", RegexOptions.None, 1000)]
    private static partial Regex ControlId();
}
