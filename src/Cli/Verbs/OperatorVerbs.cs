using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Robotics.Cli.Processes;
using Robotics.Core;
using Robotics.Policies;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Memory;
using Robotics.Safety;

namespace Robotics.Cli.Verbs;

/// <summary><c>robotics operator</c>: stops, arms and disarms a control process, over its local socket or over UDP; works with agent and learner dead.</summary>
internal static class OperatorVerbs
{
    private const int DeadlineMs = 2000;

    public static Command Build()
    {
        var command = new Command("operator", "Stop, arm, disarm. Example: robotics operator stop --memory hover");
        command.Subcommands.Add(Build("stop", "Emergency stop: latches; releasing it never moves the robot", OperatorVerb.EmergencyStop));
        command.Subcommands.Add(Build("arm", "Arm, where every check is green", OperatorVerb.Arm));
        command.Subcommands.Add(Build("disarm", "Take the power away", OperatorVerb.Disarm));
        command.Subcommands.Add(Build("acknowledge", "Acknowledge a latched stop and lost records; the robot stays disarmed", OperatorVerb.Acknowledge));
        command.Subcommands.Add(Build("status", "Ask for the state", OperatorVerb.Hello));
        return command;
    }

    private static Command Build(string name, string description, OperatorVerb verb)
    {
        var memory = new Option<string?>("--memory") { Description = "Name of the shared memory, on the robot itself (a run's name)" };
        var udp = new Option<string?>("--udp") { Description = "ADDRESS:PORT of the robot's operator port" };
        var folder = new Option<string>("--folder") { Description = "FOLDER/keys/operator.key authenticates over UDP", DefaultValueFactory = _ => "out" };
        var command = new Command(name, description) { memory, udp, folder };
        command.SetAction(parsed => (parsed.GetValue(memory), parsed.GetValue(udp)) switch
        {
            ({ } local, null) => OverLocalSocket(verb, local),
            (null, { } address) => OverUdp(verb, address, OperatorKey.Load(parsed.GetRequiredValue(folder))),
            _ => Usage(),
        });
        return command;
    }

    private static int Usage()
    {
        Console.Error.WriteLine("robotics operator: give either --memory NAME (on the robot) or --udp ADDRESS:PORT");
        return ExitCode.Usage;
    }

    private static int OverUdp(OperatorVerb verb, string address, byte[] key)
    {
        if (!IPEndPoint.TryParse(address, out IPEndPoint? robot) || robot.Port == 0)
        {
            Console.Error.WriteLine($"robotics operator: '{address}' is no ADDRESS:PORT, for example 192.168.1.20:7710");
            return ExitCode.Usage;
        }
        using var client = new OperatorClient(robot, key, MonotonicClock.Instance);
        if (client.TrySend(verb, DeadlineMs, out OperatorReply reply))
            return Report(verb, reply.Arming, reply.Action);
        Console.Error.WriteLine($"robotics operator: no answer from {robot} within {DeadlineMs} ms: wrong address, another key, or the control process is dead; use the robot's own stop");
        return ExitCode.Failed;
    }

    private static int OverLocalSocket(OperatorVerb verb, string memoryName)
    {
        using EdgeMemory memory = EdgeMemory.Open(memoryName);
        ControlStatus status = default;
        if (!TryHear(memory, ref status, long.MinValue))
        {
            Console.Error.WriteLine($"robotics operator: nothing speaks in shared memory '{memoryName}': the control process is dead, or has another name");
            return ExitCode.Failed;
        }
        if (verb != OperatorVerb.Hello && !TrySend(verb, status.Boot, memoryName))
            return ExitCode.Failed;
        const int ticksToAct = 3; // taken in the next tick, acted on in it, told after it
        if (!TryHear(memory, ref status, status.Ticks + ticksToAct))
            return ExitCode.Failed;
        int code = Report(verb, status.Arming, status.Action);
        Explain(memory, status, verb == OperatorVerb.Arm && code != ExitCode.Ok);
        if (verb == OperatorVerb.Hello && status.NativeSteps > 0)
            Console.WriteLine($"policy steps: {status.NativeSteps} at the rate trained at, {status.IntermediateSteps} in between; timing: {Words(status.Timing)}");
        return code;
    }

    // What a person needs to know where the robot is not simply flying: why, and what its device says.
    private static void Explain(EdgeMemory memory, ControlStatus status, bool refused)
    {
        if (refused)
            Console.WriteLine($"refused by: {SafetyNames.List(status.ArmingMissing)}");
        if (status.Causes != SafetyCauses.None)
            Console.WriteLine($"causes: {SafetyNames.List(status.Causes)}");
        if (DeviceReport.TryTakeFrom(memory.Device, out DeviceReport report) && report.Boot == status.Boot)
            Console.WriteLine($"device: {report.Text}");
    }

    private static string Words(StepTiming timing) => timing == StepTiming.None
        ? "as expected"
        : $"{timing}, within the last 100 intervals: the samples or the loop come outside 0.8 to 1.2 of their period";

    private static bool TrySend(OperatorVerb verb, ulong boot, string memoryName)
    {
        var datagram = new byte[OperatorCommandCodec.Length];
        OperatorCommandCodec.Encode(verb, (ulong)(WallClock.UtcNow.UtcTicks * 100), boot, [], datagram);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.SendTo(datagram, new UnixDomainSocketEndPoint(ControlProcess.SocketPath(memoryName)));
            return true;
        }
        catch (SocketException e)
        {
            Console.Error.WriteLine($"robotics operator: {ControlProcess.SocketPath(memoryName)}: {e.Message}; the control process is dead; use the robot's own stop");
            return false;
        }
    }

    // The status mailbox keeps the last word of a process that died, so only a growing tick count counts.
    private static bool TryHear(EdgeMemory memory, ref ControlStatus status, long fromTick)
    {
        long deadlineNs = MonotonicClock.Instance.NowNs + (DeadlineMs * 1_000_000L);
        long firstTick = -1;
        while (MonotonicClock.Instance.NowNs < deadlineNs)
        {
            ControlStatus.TryTakeFrom(memory.Status, ref status);
            if (firstTick < 0 && status.Boot != 0)
                firstTick = status.Ticks;
            if (firstTick >= 0 && status.Ticks > firstTick && status.Ticks >= fromTick)
                return true;
            Robotics.Runtime.Time.LinuxRealTime.SleepUntil(MonotonicClock.Instance.NowNs + 1_000_000);
        }
        return false;
    }

    private static int Report(OperatorVerb verb, ArmingState arming, SafetyAction action)
    {
        Console.WriteLine($"{arming.ToString().ToLowerInvariant()}, {SafetyNames.Of(action)}");
        bool done = verb switch
        {
            OperatorVerb.EmergencyStop => action == SafetyAction.PowerCut,
            OperatorVerb.Arm => arming == ArmingState.Armed,
            OperatorVerb.Disarm or OperatorVerb.Acknowledge => arming == ArmingState.Disarmed,
            _ => true,
        };
        return done ? ExitCode.Ok : ExitCode.Failed;
    }
}
