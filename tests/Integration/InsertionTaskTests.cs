using Robotics.Cli.Bench;
using Robotics.Configuration;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;
using Robotics.Tasks;
using Robotics.Tests.Shared;

namespace Robotics.Integration.Tests;

/// <summary>The insertion task and the simulated person as frozen in docs/tasks/insertion.md.</summary>
public sealed class InsertionTaskTests
{
    private static readonly string s_run = Path.Combine(SharedData.RepositoryRoot, "runs", "insert.yaml");

    [Fact]
    public void Measure_ExpertPersonAndChance_StandWhereTheDocumentSays()
    {
        HilReference figures = HilReference.Measure(s_run, seed: 1, episodes: 100);
        Assert.True(figures.ExpertSuccess >= 0.99, figures.ToString());
        Assert.True(figures.HumanSuccess >= 0.9, figures.ToString());
        Assert.True(figures.RandomSuccess <= 0.02, figures.ToString());
        Assert.Equal(figures, HilReference.Measure(s_run, seed: 1, episodes: 100));
        Assert.NotEqual(figures, HilReference.Measure(s_run, seed: 2, episodes: 100));
    }

    // The same task over the bus of emulated servos: expert, person and chance do what they do on the simulated arm.
    [Fact]
    public void Measure_OnTheEmulatedServoBus_StandsWhereTheSimulatedArmDoes()
    {
        HilReference figures = HilReference.Measure(Path.Combine(SharedData.RepositoryRoot, "runs", "so101-insert.yaml"), seed: 1, episodes: 40);
        Assert.True(figures is { ExpertSuccess: >= 0.97, HumanSuccess: >= 0.9, RandomSuccess: <= 0.03 }, figures.ToString());
        Assert.InRange(figures.ExpertSteps, 18, 25); // 20.0 there; the servos' lag costs a step
    }

    // The joints follow the commanded tip; where the peg is reported is where the kinematic chain puts it.
    [Fact]
    public void Tick_HumanDrives_SupervisorChangesNothingAndTheTickAllocatesNothing()
    {
        var clock = new ManualClock(1);
        using RobotRig robot = RobotRig.Load(RunDescription.Load(s_run), clock);
        using EdgeMemory memory = EdgeMemory.Private();
        SimulatedHuman person = robot.PersonOf(new SimulatedHumanSettings { Demonstrates = true });
        using var rig = new ControlRig(robot, clock, memory, boot: 1, new FlightOptions { Outside = [person] });
        memory.Policies.TryPut(Rehearsal.IdlePolicy(robot.Task));
        var pacer = new LockstepPacer(clock, robot.PeriodNs);
        void Tick()
        {
            pacer.WaitForNextTick();
            rig.Loop.Tick();
        }

        for (int i = 0; i < 5000; i++)
            Tick(); // every path of the person has been taken once
        AllocationGuard.AssertNone(Tick, times: 5000);
        Assert.Equal(0, rig.Loop.Interventions);
        Assert.True(rig.EpisodesEnded > 40, $"{rig.EpisodesEnded} episodes in 10,000 ticks");
        Assert.Equal(rig.EpisodesEnded + 1, person.TakeOvers);
    }
}
