using Robotics.Configuration;
using Robotics.Core;
using Robotics.Policies;
using Robotics.Runtime.Commands;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;
using Robotics.Safety;
using Robotics.Tasks;

namespace Robotics.Runtime.Composition;

/// <summary>Flies a few simulated seconds before the real start, so that every method of the tick is compiled and every lazy thing is
/// made: the first real tick then runs as the thousandth.</summary>
/// <remarks>A real robot's device is not touched: a <see cref="StillRobot"/> stands in for it, so that neither the first tick under a policy nor
/// arming waits for the compiler. What only its driver does is compiled while it is still disarmed.</remarks>
public static class Rehearsal
{
    private const int Seconds = 12; // two hover episodes and more, so that resets and swaps are in it

    /// <summary>Rehearses <paramref name="run"/> in private memory with a policy of zeros.</summary>
    public static void Run(RunDescription run, IReadOnlyList<string> robotOverrides)
    {
        ArgumentNullException.ThrowIfNull(run);
        RuntimeCaches.Grow();
        var clock = new ManualClock(1);
        using RobotRig loaded = RobotRig.Load(run, clock, robotOverrides, attach: false);
        RobotRig robot = loaded.IsSimulated ? loaded : loaded.WithDriver(new StillRobot(loaded.Driver, clock));
        using EdgeMemory memory = EdgeMemory.Private();
        using var rig = new ControlRig(robot, clock, memory, boot: 0, new FlightOptions());
        var pacer = new LockstepPacer(clock, robot.PeriodNs);
        byte[] image = IdlePolicy(robot.Task, explorationStd: 0.1f);
        ControlStatus status = default;
        int ticks = (int)(Seconds * robot.ControlRateHz);
        for (int i = 0; i < ticks; i++)
        {
            if (i % 100 == 0)
            {
                memory.Policies.TryPut(image);
                robot.Supervisor.Confirm(~ArmingChecks.None, ok: true); // nothing moves here
                rig.Obey(OperatorVerb.Arm);
            }
            pacer.WaitForNextTick();
            rig.Loop.Tick();
            rig.Describe(ref status, robot, 0, 0);
            status.PutInto(memory.Status);
            while (memory.Records.TryRead(out _))
                memory.Records.Release();
        }
    }

    /// <summary>The image of a policy whose action is always zero: for flights that somebody else commands.</summary>
    public static byte[] IdlePolicy(RobotTask task, float explorationStd = 0)
    {
        ArgumentNullException.ThrowIfNull(task);
        NetworkSpec network = NetworkSpec.Mlp([task.ObservationLength, 64, 64, task.ActionLength], Activation.FastTanh, Activation.FastTanh);
        return NetworkImage.Write(network, new float[network.ParameterCount], new NetworkImageFacts(new PolicyIdentity(1, 1, 1, 1), 0, explorationStd, 0));
    }
}
