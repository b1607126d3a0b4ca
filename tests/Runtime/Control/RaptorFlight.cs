using Robotics.Configuration;
using Robotics.Core;
using Robotics.Policies;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests.Control;

/// <summary>The published RAPTOR policy in the real control loop, in lockstep.</summary>
internal sealed class RaptorFlight : IDisposable
{
    private readonly ManualClock _clock = new(1);

    public RaptorFlight(FlightOptions options)
    {
        Robot = RobotRig.Load(Run(), _clock);
        Memory = EdgeMemory.Private();
        Pacer = new LockstepPacer(_clock, Robot.PeriodNs);
        Rig = new ControlRig(Robot, _clock, Memory, boot: 7, options);
    }

    public long NowNs => _clock.NowNs;

    public RobotRig Robot { get; }

    public EdgeMemory Memory { get; }

    public LockstepPacer Pacer { get; }

    public ControlRig Rig { get; }

    public static RunDescription Run() => RunDescription.Load(Path.Combine(SharedData.RepositoryRoot, "runs", "raptor-hover.yaml"));

    public static byte[] Image()
    {
        byte[] archive = File.ReadAllBytes(SharedData.Require("raptor/policy.tar"));
        Assert.True(RaptorCheckpoint.TryRead(archive, out RaptorCheckpoint? checkpoint, out string problem), problem);
        var identity = new PolicyIdentity(1, 1, 1, 1);
        return NetworkImage.Write(checkpoint!.Spec, checkpoint.Parameters, new NetworkImageFacts(identity, 0, 0, 100));
    }

    public void Tick()
    {
        Pacer.WaitForNextTick();
        Rig.Loop.Tick();
    }

    public void Dispose()
    {
        Memory.Dispose();
        Robot.Dispose();
    }
}
