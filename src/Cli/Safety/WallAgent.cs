using Robotics.Cli.Bench;
using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Policies;
using Robotics.Runtime.Agent;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;

namespace Robotics.Cli.Safety;

/// <summary>The agent that the wall campaign kills and stops: the real one, with a person's proposals beside it, put into memory each round.</summary>
internal static class WallAgent
{
    private const int RoundMs = 4;
    private const double HoldPeriods = 1; // the round after next is there before it is over, and its successor commands 1.2 periods after the last word

    /// <summary>Makes itself ready, waits for a line on standard input, then runs until told to stop.</summary>
    public static int Run(RunDescription run, string folder, string memoryName, CancellationToken cancellation)
    {
        using RobotRig robot = RobotRig.Load(run, new ManualClock(1), attach: false);
        float[] rest = RestingPolicy.RestAction(robot);
        Console.In.ReadLine();
        using EdgeMemory memory = EdgeMemory.Open(memoryName, robot.RingBytes);
        using var agent = new AgentLoop(
            memory, EdgeProcess.AgentOptionsOf(run, robot, folder, boot: 0), channel: null, EdgeProcess.GateOf(run, robot, folder), new PolicyStore(Path.Combine(folder, "bundles")),
            EdgeProcess.DeliveryOf(robot));
        var person = new ProposalWriter(memory.HumanProposals, ActionSource.Human);
        long holdNs = (long)(HoldPeriods * 1e9 / robot.Task.PolicyRateHz);
        while (!cancellation.IsCancellationRequested)
        {
            long now = MonotonicClock.Instance.NowNs;
            agent.Turn(now);
            now = MonotonicClock.Instance.NowNs;
            if (agent.Control.Boot != 0)
                person.Propose(rest, ProposalUnit.Action, agent.Control.Boot, now, now + holdNs);
            cancellation.WaitHandle.WaitOne(RoundMs);
        }
        return ExitCode.Ok;
    }
}
