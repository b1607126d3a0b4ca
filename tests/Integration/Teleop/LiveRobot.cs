using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Robotics.Cli.Demo;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Policies;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Tests.Shared;
using Robotics.Transport;

namespace Robotics.Integration.Tests.Teleop;

/// <summary><c>robotics run</c> of runs/teleop.yaml in real time, control and agent as two processes, without a learner, under a policy that
/// gives the hovering action whatever it sees. The way to its operators is secured by CURVE.</summary>
public sealed class LiveRobot : IDisposable
{
    /// <summary>Tests that share the robot, one after the other and beside nothing else: it flies in real time.</summary>
    public const string Collection = "live robot";

    private const float HoverAction = 0.334f; // of this airframe: tasks/hover.yaml
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder = new();
    private readonly AutoResetEvent _changed = new(false);
    private readonly string _memory = $"teleop-test-{Environment.ProcessId}";
    private readonly RoboticsProcess _run;

    public LiveRobot()
    {
        Endpoint = $"tcp://127.0.0.1:{FreePort()}";
        InstallPolicy();
        foreach (string person in (string[])["tester", "phone"])
            LinkKeys.Create(TeleopKeys(_folder.Path), Identity64.Of("operator", person));
        _run = new RoboticsProcess(
            _changed, null,
            ["run", RunFile, "--folder", _folder.Path, "--set", $"run={_memory}", "--set", $"teleop.endpoint={Endpoint}", "--endpoint", $"tcp://127.0.0.1:{FreePort()}"]);
    }

    public static string RunFile => Path.Combine(SharedData.RepositoryRoot, "runs", "teleop.yaml");

    public string Endpoint { get; }

    /// <summary>Horizontal speed at the start of a step, m/s: the frame of tasks/hover.yaml is position, rotation matrix, linear velocity, angular velocity.</summary>
    internal static float Speed(TransitionRecord record) => MathF.Sqrt((record.Frame[12] * record.Frame[12]) + (record.Frame[13] * record.Frame[13]));

    internal string Folder => _folder.Path;

    internal string PathOf(string name) => _folder[name];

    /// <summary>Starts <c>robotics teleop</c> against this robot, with the operator's keys in this robot's folder.</summary>
    internal RoboticsProcess StartTeleop(params IEnumerable<string> arguments) => StartTeleopFrom(_folder.Path, arguments);

    /// <summary>Starts <c>robotics teleop</c> against this robot, with the keys in <paramref name="folder"/>.</summary>
    internal RoboticsProcess StartTeleopFrom(string folder, params IEnumerable<string> arguments) =>
        new(_changed, null, ["teleop", RunFile, "--endpoint", Endpoint, "--folder", folder, "--json", .. arguments]);

    /// <summary>Folder of operators' keys below <paramref name="folder"/>.</summary>
    internal static string TeleopKeys(string folder) => Path.Combine(folder, "teleop-keys");

    /// <summary>Waits until <c>robotics run</c> says <paramref name="text"/> on standard error.</summary>
    internal void AwaitErrors(string what, string text)
    {
        long deadline = MonotonicClock.Instance.NowNs + (long)s_deadline.TotalMilliseconds * 1_000_000;
        while (!_run.Errors.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(MonotonicClock.Instance.NowNs < deadline, $"no {what} within {s_deadline.TotalSeconds} s: {_run.Errors}");
            _changed.WaitOne(TimeSpan.FromMilliseconds(100));
        }
    }

    /// <summary>Waits until a report of <paramref name="teleop"/> fulfils <paramref name="condition"/>; the lines that are no report go to <paramref name="other"/>.</summary>
    internal JsonElement Await(RoboticsProcess teleop, string what, Func<JsonElement, bool> condition, Action<string>? other = null)
    {
        long deadline = MonotonicClock.Instance.NowNs + (long)s_deadline.TotalMilliseconds * 1_000_000;
        string last = "";
        while (MonotonicClock.Instance.NowNs < deadline)
        {
            while (teleop.TryReadLine(out string line))
            {
                last = line;
                if (!line.StartsWith('{'))
                {
                    other?.Invoke(line);
                    continue;
                }
                using JsonDocument document = JsonDocument.Parse(line);
                if (condition(document.RootElement))
                    return document.RootElement.Clone();
            }
            Assert.False(teleop.HasExited, $"robotics teleop ended while waiting for {what}: {teleop.Errors}");
            Assert.False(_run.HasExited, $"robotics run ended while waiting for {what}: {_run.Errors}");
            _changed.WaitOne(TimeSpan.FromMilliseconds(100));
        }
        Assert.Fail($"no {what} within {s_deadline.TotalSeconds} s; last: {last}; run: {_run.Errors}; teleop: {teleop.Errors}");
        return default;
    }

    /// <summary>Waits until <paramref name="condition"/> holds for the records on disk so far.</summary>
    internal List<TransitionRecord> AwaitRecords(string what, Func<List<TransitionRecord>, bool> condition)
    {
        long deadline = MonotonicClock.Instance.NowNs + (long)s_deadline.TotalMilliseconds * 1_000_000;
        while (true)
        {
            List<TransitionRecord> records = ReadSpool();
            if (condition(records))
                return records;
            Assert.True(MonotonicClock.Instance.NowNs < deadline, $"no {what} among {records.Count} records");
            _changed.WaitOne(TimeSpan.FromMilliseconds(200));
        }
    }

    public void Dispose()
    {
        _run.Terminate();
        _run.WaitForExit(TimeSpan.FromSeconds(20));
        _run.Dispose();
        EdgeMemory.Delete(_memory);
        _changed.Dispose();
        _folder.Dispose();
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private List<TransitionRecord> ReadSpool()
    {
        string root = _folder["spool"];
        var records = new List<TransitionRecord>();
        foreach (SpoolStream stream in SpoolStream.List(root))
        {
            TransitionSchema schema = SpoolVerifier.SchemaOf(root, stream);
            using SpoolReader reader = SpoolReader.Open(root, stream, schema);
            while (reader.TryRead(out ReadOnlySpan<byte> bytes, out _))
            {
                var record = new TransitionRecord(schema);
                Assert.Equal(DecodeStatus.Ok, TransitionCodec.TryDecode(bytes, record, out _));
                records.Add(record);
            }
        }
        return records;
    }

    private void InstallPolicy()
    {
        using RobotRig robot = RobotRig.Load(RunDescription.Load(RunFile), new ManualClock(1));
        NetworkSpec network = NetworkSpec.Mlp([robot.Task.ObservationLength, robot.Task.ActionLength], Activation.Identity, Activation.Identity);
        var parameters = new float[network.ParameterCount];
        parameters.AsSpan(parameters.Length - robot.Task.ActionLength).Fill(HoverAction); // biases come last
        byte[] bundle = PolicyBundleWriter.Write(
            new PolicyManifest
            {
                Name = "hover action",
                Identity = new PolicyIdentity(1, 1, 1, 0),
                Created = "",
                SchemaHash = robot.Task.SchemaHash,
                PolicyRateHz = robot.Task.PolicyRateHz,
                Network = network,
            },
            parameters);
        Assert.True(PolicyBundle.TryRead(bundle, out PolicyBundle? read, out BundleRefusal refusal), refusal.ToString());
        Assert.True(new PolicyStore(_folder["bundles"], flush: false).TryInstall(read!, out refusal), refusal.ToString());
    }
}
