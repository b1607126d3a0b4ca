using System.Globalization;
using System.Text.Json;
using Robotics.Cli.Demo;
using Robotics.Cli.Processes;
using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Drivers.Ros2.Messages.StdSrvs;
using Robotics.Runtime.Memory;
using StdMsgs = Robotics.Drivers.Ros2.Messages.StdMsgs;

namespace Robotics.Cli.Bench;

/// <summary>A robot that is one process, its control and agent two others, and here a person with ROS tools who arms, stops and watches.</summary>
internal sealed class Ros2Flight : IDisposable
{
    private static readonly TimeSpan s_callTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100); // between two looks at the latch
    private readonly AutoResetEvent _changed = new(false);
    private readonly RosContext _context;
    private readonly RosNode _node;
    private readonly string[] _overrides;
    private readonly string _run;
    private readonly string _robotFile;
    private readonly string _folder;
    private readonly string _memory = $"ros2-flight-{Environment.ProcessId}";
    private RoboticsProcess? _robot;
    private RoboticsProcess? _agent;
    private RoboticsProcess? _control;

    /// <summary>Nothing runs yet.</summary>
    /// <param name="folder">Folder whose <c>bundles</c> hold the policy; the spool goes beside it.</param>
    /// <param name="domain">ROS domain that nobody else uses.</param>
    public Ros2Flight(string folder, int domain)
    {
        _folder = folder;
        _run = Installation.PathOf("runs/hover-ros2.yaml");
        _robotFile = Installation.PathOf("hardware/sim-quad-ros2/robot.yaml");
        _overrides = [$"driver.domain={domain}", "driver.interface=lo"];
        _context = new RosContext(new RosOptions { Domain = domain, Interface = "lo" }, MonotonicClock.Instance);
        _node = _context.CreateNode("operator");
        Watch<StdMsgs.String>("safety_action", m => Action = m.Data);
        Watch<StdMsgs.String>("source", m => Source = m.Data);
        Watch<StdMsgs.Bool>("armed", m => IsArmed = m.Data);
        Watch<StdMsgs.Bool>("latched", m => IsLatched = m.Data);
    }

    /// <summary>What the graph says of the safety action and its causes.</summary>
    public string Action { get; private set; } = "";

    /// <summary>What the graph says of who acts.</summary>
    public string Source { get; private set; } = "";

    /// <summary>What the graph says of the arming.</summary>
    public bool IsArmed { get; private set; }

    /// <summary>What the graph says of a latched stop.</summary>
    public bool IsLatched { get; private set; }

    /// <summary>The person's node, for further calls.</summary>
    public RosNode Operator => _node;

    public void StartRobot() => _robot = new RoboticsProcess(
        _changed, RealTimeRun.ControlEnvironment, ["sim", "--robot", _robotFile, "--ros2", "--json", .. _overrides.SelectMany(o => new[] { "--set", o })]);

    public void StartControl(double seconds) => _control = new RoboticsProcess(
        _changed, RealTimeRun.ControlEnvironment,
        ["control", _run, "--memory", _memory, "--hover", "--json", "--seconds", seconds.ToString(CultureInfo.InvariantCulture), .. RobotOverrides()]);

    public void StartAgent() => _agent = new RoboticsProcess(
        _changed, null, ["agent", _run, "--memory", _memory, "--folder", _folder, "--spool", Path.Combine(_folder, "spool-ros2"), "--offline", .. RobotOverrides()]);

    /// <summary>SIGKILL.</summary>
    public void KillRobot() => End(ref _robot);

    /// <summary>SIGKILL.</summary>
    public void KillAgent() => End(ref _agent);

    /// <summary>Calls a service of the control process (std_srvs/Trigger) as <c>ros2 service call</c> does.</summary>
    public async Task<TriggerResponse> CallAsync(string service, string node = "/quad/robotics")
    {
        using RosClient<TriggerRequest, TriggerResponse> client = _node.CreateClient<TriggerRequest, TriggerResponse>($"{node}/{service}");
        return await client.CallAsync(new TriggerRequest(), s_callTimeout).ConfigureAwait(false);
    }

    /// <summary>Asks to arm until it is granted: the robot has to prove its identity first, and a policy has to be there.</summary>
    public async Task ArmAsync(TimeSpan deadline)
    {
        long end = MonotonicClock.Instance.NowNs + (long)deadline.TotalNanoseconds;
        string last = "";
        while (MonotonicClock.Instance.NowNs < end)
        {
            try
            {
                TriggerResponse answer = await CallAsync("arm").ConfigureAwait(false);
                if (answer.Success)
                    return;
                last = answer.Message;
            }
            catch (TimeoutException e)
            {
                last = e.Message;
            }
            CheckAlive();
            await Task.Delay(100).ConfigureAwait(false);
        }
        throw new FailureException($"the robot could not be armed within {deadline.TotalSeconds} s: {last}\n{_control?.Errors}\n{_robot?.Errors}\n{_agent?.Errors}");
    }

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    public async Task AwaitAsync(Func<bool> condition, string what, TimeSpan deadline)
    {
        long end = MonotonicClock.Instance.NowNs + (long)deadline.TotalNanoseconds;
        while (!condition())
        {
            if (MonotonicClock.Instance.NowNs > end)
                throw new FailureException($"not within {deadline.TotalSeconds} s: {what}; last: armed {IsArmed}, latched {IsLatched}, {Action}, {Source}\n{_control?.Errors}");
            CheckAlive();
            await Task.Delay(5).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for the flight's end; a stop that latches in flight is its end, too, and is told.</summary>
    public ControlResult AwaitEnd(TimeSpan deadline)
    {
        long end = MonotonicClock.Instance.NowNs + (long)deadline.TotalNanoseconds;
        while (!_control!.WaitForExit(s_look) && MonotonicClock.Instance.NowNs < end)
        {
            if (IsLatched && !Action.Contains(nameof(SafetyCauses.Shutdown), StringComparison.Ordinal)) // that one is control's own landing at the end
                throw new FailureException($"the supervisor stopped the flight and latched: {Action}\n{_control.Errors}");
        }
        if (!_control.HasExited || _control.ExitCode != 0)
            throw new FailureException($"the control process did not end well within {deadline.TotalSeconds} s: {_control.Errors}");
        return JsonSerializer.Deserialize<ControlResult>(JsonLineOf(_control))!;
    }

    /// <summary>Ends the robot in order and returns what it measured itself.</summary>
    public JsonElement EndRobot()
    {
        _robot!.Terminate();
        if (!_robot.WaitForExit(s_callTimeout))
            throw new FailureException("the simulated robot did not end on SIGTERM");
        return JsonSerializer.Deserialize<JsonElement>(JsonLineOf(_robot));
    }

    public void Dispose()
    {
        End(ref _control);
        End(ref _agent);
        End(ref _robot);
        _context.Dispose();
        _changed.Dispose();
        EdgeMemory.Delete(_memory);
        File.Delete(ControlProcess.SocketPath(_memory));
    }

    private IEnumerable<string> RobotOverrides() => _overrides.SelectMany(o => new[] { "--set-robot", o });

    private void Watch<T>(string topic, Action<T> handler)
        where T : class, IRosMessage<T>, new() => _node.CreateSubscription("/quad/robotics/" + topic, handler, QosProfile.Latched);

    private void CheckAlive()
    {
        foreach ((string name, RoboticsProcess? process) in (ReadOnlySpan<(string, RoboticsProcess?)>)[("control", _control), ("the agent", _agent), ("the simulated robot", _robot)])
        {
            if (process is { HasExited: true })
                throw new FailureException($"{name} ended early with exit code {process.ExitCode}: {process.Errors}");
        }
    }

    private static string JsonLineOf(RoboticsProcess process)
    {
        while (process.TryReadLine(out string line))
        {
            if (line.StartsWith('{'))
                return line;
        }
        throw new FailureException($"a process printed no result: {process.Errors}");
    }

    private static void End(ref RoboticsProcess? process)
    {
        process?.Dispose();
        process = null;
    }
}
