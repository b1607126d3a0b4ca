using Robotics.Core;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;

namespace Robotics.Runtime.Tests.Control;

/// <summary>The watch over a new policy inside the real control loop, tick by tick.</summary>
public sealed class PolicyWatchTests : IDisposable
{
    // Narrow enough that the supervisor stops what falls before the task's box ends the episode; hovering stays far below it.
    private static readonly string[] s_narrow = ["safety.max_speed_m_s=4"];

    private RaptorFlight? _flight;

    private RaptorFlight Flight => _flight!;

    public void Dispose() => _flight?.Dispose();

    [Fact]
    public void Tick_PolicyThatFalls_IsRolledBackWithinFivePeriodsOfTheTrip()
    {
        Fly("swap_at=episode", "watch.max_divergence=2", "watch.shadow_s=0.1");
        Offer(gain: -1, counter: 2);
        Assert.True(TickUntil(() => Flight.Rig.Policy.Counter == 2, 2000));
        Assert.True(TickUntil(() => Flight.Robot.Supervisor.Action >= SafetyAction.Baseline, 1000));
        long trip = Flight.Rig.Loop.Ticks;
        Assert.True(TickUntil(() => Flight.Rig.PoliciesRolledBack == 1, 5));
        Assert.InRange(Flight.Rig.Loop.Ticks - trip, 0, 5);
        Assert.Equal(1u, Flight.Rig.Policy.Counter);
        Assert.True(TickUntil(() => Flight.Rig.IsFlying && Flight.Robot.Supervisor.Action == SafetyAction.Nominal, 1000));
        ControlStatus status = default;
        Flight.Rig.Describe(ref status, Flight.Robot, 0, 0);
        Assert.Equal((1, 2u), (status.RolledBack, status.LastVerdict.Policy.Counter));
    }

    // Nothing trips; a person takes over in every other period of the new policy, and in none of the one before.
    [Fact]
    public void Tick_PersonInterveningMoreThanBefore_RollsBackWithinTheJudgedPeriods()
    {
        var person = new Person();
        Fly(person, "swap_at=step", "watch.max_divergence=2", "watch.shadow_s=0.1");
        Offer(gain: 1.02f, counter: 2);
        Assert.True(TickUntil(() => Flight.Rig.Policy.Counter == 2, 2000));
        person.IsActive = true;
        Assert.True(TickUntil(() => Flight.Rig.PoliciesRolledBack == 1, 25)); // 20 are judged
        Assert.Equal(1u, Flight.Rig.Policy.Counter);
        Assert.Equal(SafetyAction.Nominal, Flight.Robot.Supervisor.Action);
        ControlStatus status = default;
        Flight.Rig.Describe(ref status, Flight.Robot, 0, 0);
        Assert.Equal((Policies.BundleCheck.Canary, 0.1), (status.VerdictCheck, status.VerdictLimit));
        Assert.InRange(status.VerdictValue, 0.4, 0.6);
    }

    [Fact]
    public void Tick_GainTimesThree_IsCaughtInShadowAndNeverCommands()
    {
        Fly();
        Offer(gain: 3, counter: 2);
        Assert.False(TickUntil(() => Flight.Rig.Policy.Counter == 2, 2000));
        ControlStatus status = default;
        Flight.Rig.Describe(ref status, Flight.Robot, 0, 0);
        Assert.Equal((1L, Policies.BundleCheck.Shadow), (status.Refused, status.LastVerdict.Check));
        Assert.InRange(status.VerdictValue, 0.25, 2);
    }

    // In the middle of an episode, over ten periods, no command steps by more than the two policies differ.
    [Fact]
    public void Tick_SwapInsideAnEpisode_BlendsAndTheEpisodeGoesOn()
    {
        Fly("swap_at=step", "watch.shadow_s=0.1", "watch.blend_steps=10");
        long episodes = Flight.Rig.EpisodesEnded;
        Offer(gain: 1.02f, counter: 2);
        Assert.True(TickUntil(() => Flight.Rig.Policy.Counter == 2, 300));
        Assert.True(Flight.Rig.IsFlying);
        Assert.Equal(episodes, Flight.Rig.EpisodesEnded);
        Assert.Equal(0, Flight.Rig.Loop.Interventions);
    }

    // A person's order (rollback, pin) neither waits nor is judged.
    [Fact]
    public void Tick_OrderedPolicy_FliesAtTheNextPeriodWithoutProbation()
    {
        Fly();
        Offer(gain: 3, counter: 2, isOrdered: true);
        Assert.True(TickUntil(() => Flight.Rig.Policy.Counter == 2, 3));
        ControlStatus status = default;
        Flight.Rig.Describe(ref status, Flight.Robot, 0, 0);
        Assert.False(status.IsOnProbation);
    }

    private void Fly(params string[] set) => Fly(null, set);

    private void Fly(IProposalSource? person, params string[] set)
    {
        _flight = new RaptorFlight(new FlightOptions { Record = false, Outside = person is null ? [] : [person] }, ["gate=deployed", .. set], s_narrow);
        Offer(gain: 1, counter: 1);
        Assert.True(TickUntil(() => Flight.Rig.IsFlying, 10));
        Assert.False(TickUntil(() => Flight.Robot.Supervisor.Action != SafetyAction.Nominal, 100));
    }

    private void Offer(float gain, uint counter, bool isOrdered = false) =>
        Assert.True(Flight.Memory.Policies.TryPut(RaptorFlight.Image(gain, counter, isOrdered)));

    private bool TickUntil(Func<bool> condition, int most)
    {
        for (int i = 0; i < most && !condition(); i++)
            Flight.Tick();
        return condition();
    }

    /// <summary>Holds the hovering thrust in every other tick.</summary>
    private sealed class Person : IProposalSource
    {
        private const float HoverThrottle = 0.8061f; // robot.yaml: thrust curve and mass
        private int _tick;

        public bool IsActive { get; set; }

        public bool TryPropose(long nowNs, SensorSample sample, Proposal proposal)
        {
            if (!IsActive || _tick++ % 2 == 0)
                return false;
            proposal.Values.Fill(HoverThrottle);
            proposal.Length = proposal.Values.Length;
            proposal.Source = ActionSource.Human;
            return true;
        }
    }
}
