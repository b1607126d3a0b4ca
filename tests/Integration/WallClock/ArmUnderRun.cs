using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Robotics.Cli.Demo;
using Robotics.Cli.Processes;
using Robotics.Runtime.Guards;
using Robotics.Runtime.Memory;
using Robotics.Tests.Shared;

namespace Robotics.Integration.Tests.WallClock;

/// <summary>An emulated SO-101 as a process at the other end of a pseudo-terminal, and the run file of <c>robotics run</c> for it.</summary>
internal sealed partial class ArmUnderRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RoboticsProcess _arm;
    private bool[] _torque = [];

    public ArmUnderRun()
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
        File.WriteAllText(RunFile, $$"""
            run: {{Name}}
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
        EdgeMemory.Delete(Name);
        _arm = new RoboticsProcess(Changed, null, "sim", "--robot", robot, "--link", $"pty:{_folder["port"]}", "--report-ms", "20");
        Await(() => File.Exists(_folder["port"]), "the emulated bus", () => "");
    }

    /// <summary>Set when one of the processes says something.</summary>
    public AutoResetEvent Changed { get; } = new(false);

    /// <summary>Name of the run and its memory.</summary>
    public string Name { get; } = $"limp-{Environment.ProcessId}";

    public string RunFile => _folder["run.yaml"];

    /// <summary>Spool, log and bundles of the run.</summary>
    public string Out => _folder["out"];

    /// <summary>Every servo is without torque.</summary>
    public bool IsLimp => _torque.Length > 0 && _torque.All(t => !t);

    /// <summary>Process id of the process that stands by; 0 before it spoke.</summary>
    public int LimpId
    {
        get
        {
            if (!File.Exists(LimpStandby.PathOf(Name)))
                return 0;
            byte[] page = File.ReadAllBytes(LimpStandby.PathOf(Name));
            return BitConverter.ToInt32(page, 16); // docs/formats/shared-memory.md
        }
    }

    public static int ControlIdIn(string line) => int.Parse(ControlId().Match(line).Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>Arms, which needs the limping process to stand by, and waits for the torque.</summary>
    public void PowerUp(Func<string> errors)
    {
        string refusal = "never asked";
        bool TryArm()
        {
            (int code, string output, string said) = RoboticsCommand.Execute("operator", "arm", "--memory", Name);
            refusal = $"{output} {said}";
            if (output.StartsWith("latched", StringComparison.Ordinal))
                RoboticsCommand.Execute("operator", "acknowledge", "--memory", Name); // a busy machine held the loop up: a person presses again
            return code == 0;
        }

        Await(TryArm, "arming", () => $"last refusal: {refusal}; {errors()}");
        Await(() => _torque.Length == 6 && _torque.All(t => t), "torque", errors);
    }

    /// <summary>Waits, at most a minute, for something that comes by itself.</summary>
    public void Await(Func<bool> done, string what, Func<string> errors)
    {
        long deadline = MonotonicClock.Instance.NowNs + 60_000_000_000;
        while (!done())
        {
            Assert.True(MonotonicClock.Instance.NowNs < deadline, $"{what} did not come: {_arm?.Errors} {errors()}");
            Changed.WaitOne(TimeSpan.FromMilliseconds(20));
            while (_arm is not null && _arm.TryReadLine(out string line))
                Hear(line);
        }
    }

    public void Dispose()
    {
        _arm.Dispose();
        EdgeMemory.Delete(Name);
        File.Delete(LimpStandby.PathOf(Name));
        File.Delete(ControlProcess.SocketPath(Name));
        Changed.Dispose();
        _folder.Dispose();
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
