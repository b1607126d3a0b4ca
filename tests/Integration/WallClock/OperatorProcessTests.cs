using System.Net;
using System.Net.Sockets;
using Robotics.Cli.Bench;
using Robotics.Cli.Demo;
using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Memory;
using Robotics.Tests.Shared;

namespace Robotics.Integration.Tests.WallClock;

/// <summary><c>robotics operator</c> against a flying control process: over its local socket, and over UDP with a key.</summary>
[Collection(WallClockCollection.Name)]
public sealed class OperatorProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _stranger = new();
    private readonly AutoResetEvent _changed = new(false);
    private readonly string _name = $"operator-{Environment.ProcessId}";
    private readonly string _address;
    private readonly RoboticsProcess _agent;
    private readonly RoboticsProcess _control;

    public OperatorProcessTests()
    {
        _address = FreePort();
        string text = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "runs", "hover.yaml")).Replace("../", SharedData.RepositoryRoot + "/", StringComparison.Ordinal);
        string run = _folder["run.yaml"];
        File.WriteAllText(run, $"{text}\noperator: {{udp: \"{_address}\"}}\n");
        OperatorKey.Create(_folder.Path);
        OperatorKey.Create(_stranger.Path);
        RestingPolicy.Install(RunDescription.Load(run), _folder.Path);
        EdgeMemory.Delete(_name);
        _agent = new RoboticsProcess(_changed, null, "agent", run, "--memory", _name, "--folder", _folder.Path, "--offline");
        _control = new RoboticsProcess(_changed, RealTimeRun.ControlEnvironment, "control", run, "--memory", _name, "--folder", _folder.Path, "--hover");
    }

    public void Dispose()
    {
        _control.Dispose();
        _agent.Dispose();
        EdgeMemory.Delete(_name);
        File.Delete(ControlProcess.SocketPath(_name));
        _changed.Dispose();
        _folder.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public void Operator_StopAcknowledgeArmDisarm_OverSocketAndUdpAndNotWithAnotherKey()
    {
        AwaitFlight();
        AssertSays("latched, power_cut", 0, "stop", "--memory", _name);
        AssertSays("latched", 1, "arm", "--memory", _name); // a stop is acknowledged first
        AssertSays("disarmed", 0, "acknowledge", "--memory", _name);
        AssertSays("disarmed", 0, "status", "--memory", _name); // and the refused request is forgotten
        AssertSays("armed", 0, "arm", "--memory", _name);
        string[] stranger = ["--udp", _address, "--folder", _stranger.Path];
        AssertSays("another key", 1, ["stop", .. stranger]);
        AssertSays("armed", 0, "status", "--memory", _name);
        string[] owner = ["--udp", _address, "--folder", _folder.Path];
        AssertSays("disarmed", 0, ["disarm", .. owner]);
        AssertSays("another key", 1, ["arm", .. stranger]);
        AssertSays("disarmed", 0, ["status", .. owner]);
        AssertSays("armed", 0, ["arm", .. owner]);
        AssertSays("latched, power_cut", 0, ["stop", .. owner]);
        ControlStatus status = default;
        using EdgeMemory memory = EdgeMemory.Open(_name);
        ControlStatus.TryTakeFrom(memory.Status, ref status);
        Assert.True(status.OperatorRefused >= 2, "the forged datagrams were not counted");
        Assert.False(_control.HasExited, _control.Errors);
    }

    private void AwaitFlight()
    {
        using EdgeMemory memory = EdgeMemory.Open(_name);
        ControlStatus status = default;
        long deadline = MonotonicClock.Instance.NowNs + 90_000_000_000;
        while (status.FlownNs == 0 || status.Arming != Robotics.Safety.ArmingState.Armed)
        {
            Assert.False(_control.HasExited, _control.Errors);
            Assert.True(MonotonicClock.Instance.NowNs < deadline, $"no flight: {status.Action}, {status.Causes}, missing {status.ArmingMissing}; {_control.Errors} {_agent.Errors}");
            _changed.WaitOne(TimeSpan.FromMilliseconds(20));
            ControlStatus.TryTakeFrom(memory.Status, ref status);
        }
    }

    private static void AssertSays(string expected, int code, params string[] arguments)
    {
        (int exit, string output, string errors) = RoboticsCommand.Execute(["operator", .. arguments]);
        Assert.Contains(expected, output + errors, StringComparison.Ordinal);
        Assert.True(exit == code, $"operator {string.Join(' ', arguments)}: exit code {exit}, {output} {errors}");
    }

    private static string FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket.LocalEndPoint!.ToString()!;
    }
}
