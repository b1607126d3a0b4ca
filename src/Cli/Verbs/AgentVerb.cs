using System.CommandLine;
using System.Globalization;
using Robotics.Cli.Processes;
using Robotics.Cli.Teleop;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Policies;
using Robotics.Runtime.Agent;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Ros;
using Robotics.Transport;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics agent</c>: the process of an edge that may allocate. Started by <c>robotics run</c>.</summary>
internal static class AgentVerb
{
    private const int RoundMs = 5; // ring, spool and link are looked after this often; at 1 kHz that is five records

    public static Command Build()
    {
        var arguments = new RunArguments();
        var memory = new Option<string>("--memory") { Description = "Name of the memory shared with control", Required = true };
        var spool = new Option<string?>("--spool") { Description = "Folder of the spool, instead of FOLDER/spool" };
        var offline = new Option<bool>("--offline") { Description = "Without a learner: fly the installed policy and spool" };
        var parent = new Option<int?>("--run") { Description = "Process id of robotics run: ends when that says so, not with the terminal" };
        var command = new Command("agent", "Spool, link and policy verification of an edge. Example: robotics agent runs/hover.yaml --memory quad") { memory, spool, offline, parent };
        arguments.AddTo(command);
        command.SetAction(parsed =>
        {
            using ShutdownSignal shutdown = parsed.GetValue(parent) is null ? new() : ShutdownSignal.OfRun(); // Ctrl-C reaches it too, and control is still landing
            RunDescription run = arguments.Load(parsed);
            Run(run, arguments.RobotOverrides(parsed), arguments.Folder(parsed), parsed.GetRequiredValue(memory), parsed.GetValue(spool), parsed.GetValue(offline), parsed.GetValue(parent), shutdown.Token);
            Console.WriteLine(CpuTime.ProcessSeconds.ToString(CultureInfo.InvariantCulture));
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The agent of <paramref name="run"/>, until told to stop; under <c>robotics run</c> also when that process <paramref name="parent"/> and control are both gone.</summary>
    public static void Run(
        RunDescription run, IReadOnlyList<string> robotOverrides, string folder, string memoryName, string? spool, bool offline, int? parent, CancellationToken cancellation)
    {
        using RobotRig robot = RobotRig.Load(run, new ManualClock(1), robotOverrides, attach: false); // for task and schema; never flown here
        using EdgeMemory memory = EdgeMemory.Open(memoryName, robot.RingBytes);
        using IEdgeChannel? channel = offline ? null : EdgeProcess.Connect(run, folder, robot.RobotId);
        using var agent = new AgentLoop(
            memory, EdgeProcess.AgentOptionsOf(run, robot, folder, boot: 0, spool) with { FollowsStore = true, SafetyLog = Path.Combine(folder, "safety.jsonl") }, channel,
            EdgeProcess.GateOf(run, robot, folder), new PolicyStore(Path.Combine(folder, "bundles")),
            EdgeProcess.DeliveryOf(robot, line => Console.Error.WriteLine($"{WallClock.UtcNow:O} {line}")));
        using AgentStation? station = AgentStation.Open(run, folder, robot, memory, memoryName);
        using AgentNode? node = AgentPolicyNode.Join(robot, Path.Combine(folder, "bundles"), MonotonicClock.Instance);
        var orphan = new OrphanedAgent(parent);
        while (!cancellation.IsCancellationRequested && !orphan.IsOver(MonotonicClock.Instance.NowNs, agent.Control.Ticks, memory.Records.PendingBytes))
        {
            agent.Turn(MonotonicClock.Instance.NowNs);
            station?.Pump(MonotonicClock.Instance.NowNs, agent.Control);
            cancellation.WaitHandle.WaitOne(RoundMs);
        }
        TakeTheRest(agent, memory);
        agent.Commit();
    }

    // One round takes a slice; a full disk takes nothing more, and the rest stays in the ring for the next agent.
    private static void TakeTheRest(AgentLoop agent, EdgeMemory memory)
    {
        long before;
        do
        {
            before = memory.Records.PendingBytes;
            agent.Turn(MonotonicClock.Instance.NowNs);
        }
        while (memory.Records.PendingBytes is > 0 and var left && left < before);
    }
}
