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

    public RaptorFlight(FlightOptions options, string[]? set = null, string[]? setRobot = null)
    {
        Robot = RobotRig.Load(Run(set), _clock, setRobot);
        Memory = EdgeMemory.Private();
        Pacer = new LockstepPacer(_clock, Robot.PeriodNs);
        Rig = new ControlRig(Robot, _clock, Memory, boot: 7, options);
    }

    public long NowNs => _clock.NowNs;

    public RobotRig Robot { get; }

    public EdgeMemory Memory { get; }

    public LockstepPacer Pacer { get; }

    public ControlRig Rig { get; }

    public static RunDescription Run() => Run(null);

    /// <summary>The policy with its last layer times <paramref name="gain"/>.</summary>
    public static byte[] Image(float gain = 1, uint counter = 1, bool isOrdered = false)
    {
        byte[] archive = File.ReadAllBytes(SharedData.Require("raptor/policy.tar"));
        Assert.True(RaptorCheckpoint.TryRead(archive, out RaptorCheckpoint? checkpoint, out string problem), problem);
        float[] parameters = [.. checkpoint!.Parameters];
        for (int i = parameters.Length - (int)checkpoint.Spec.Layers[^1].ParameterCount; i < parameters.Length; i++)
            parameters[i] *= gain;
        var identity = new PolicyIdentity(1, 1, counter, counter);
        return NetworkImage.Write(checkpoint.Spec, parameters, new NetworkImageFacts(identity, 0, 0, 100, IsOrdered: isOrdered));
    }

    private static RunDescription Run(string[]? set) => RunDescription.Load(Path.Combine(SharedData.RepositoryRoot, "runs", "raptor-hover.yaml"), set);

    /// <summary>Time passes without a tick: the next one comes late.</summary>
    public void Delay(long durationNs) => _clock.Advance(durationNs);

    public void Tick()
    {
        Pacer.WaitForNextTick();
        Rig.Loop.Tick();
    }

    public void Dispose()
    {
        Rig.Dispose();
        Memory.Dispose();
        Robot.Dispose();
    }
}
