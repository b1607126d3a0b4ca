using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Policies;
using Robotics.Transport;

namespace Robotics.Integration.Tests;

/// <summary>Policies from a learner's endpoint through link, gate, control and supervisor, as a robot runs them under gate `deployed`.</summary>
public sealed class PolicyLifecycleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryLink _link = new(capacity: 1024);
    private readonly BareLearner _learner;
    private IEdgeChannel _channel;
    private EdgeProcess? _edge;
    private long _nowNs;

    public PolicyLifecycleTests()
    {
        _learner = new BareLearner(_folder["store"], _link.Learner);
        _channel = _link.Connect();
    }

    private EdgeProcess Edge => _edge!;

    private PolicyStore Store => new(_folder["bundles"]);

    public void Dispose()
    {
        _edge?.Dispose();
        _channel.Dispose();
        _learner.Dispose();
        _link.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Deployed_SlightlyOtherPolicy_PassesShadowAndProbationAndOnlyThenIsKept()
    {
        StartWithRaptor();
        PolicyBundle next = Publish(counter: 2, gain: 1.02f);
        Assert.True(TurnUntil(() => Edge.Control.Policy == next.Identity), Describe());
        Assert.Equal(1u, Store.Installed.Counter); // on probation: a restart would begin with the proven one
        Assert.True(TurnUntil(() => Store.Installed == next.Identity), Describe());
        Assert.Equal(0, Edge.Agent.Policies.Refused);
        Assert.Equal(0, Edge.Agent.Policies.Age.BehindNs);
        Assert.InRange(Edge.Agent.Policies.Age.MaxAppliedNs, 1_000_000_000, 20_000_000_000); // at least the shadow
    }

    // Passes every static check; its actions on what the robot saw lately are three times those in force.
    [Fact]
    public void Deployed_GainTimesThree_IsCaughtByTheActionDifference()
    {
        StartWithRaptor();
        PolicyBundle tripled = Publish(counter: 2, gain: 3);
        Assert.True(TurnUntil(() => Edge.Agent.Policies.Refused == 1), Describe());
        Assert.Contains("ActionDifference", Edge.Agent.Policies.LastRefusal, StringComparison.Ordinal);
        AssertTold(tripled, "ActionDifference");
        Assert.Equal(1u, Edge.Control.Policy.Counter);
    }

    [Fact]
    public void Deployed_GainTimesThree_IsCaughtInShadow()
    {
        StartWithRaptor("watch.max_action_difference=2");
        PolicyBundle tripled = Publish(counter: 2, gain: 3);
        Assert.True(TurnUntil(() => Edge.Agent.Policies.Refused == 1), Describe());
        AssertTold(tripled, "Shadow");
        Assert.Equal(1, Edge.Control.PoliciesInstalled);
        Assert.True(Store.IsRefused(tripled.Identity));
        Assert.Equal(0, Edge.Control.Loop.Interventions);
    }

    [Fact]
    public void Deployed_Td3WithGainTimesThree_PassesTheStaticChecksAndIsCaughtInShadow()
    {
        StartWithTd3("watch.max_action_difference=2");
        long offered = Edge.Agent.Policies.Offered;
        PolicyBundle tripled = Publish(counter: 2, gain: 3);
        Assert.True(TurnUntil(() => Edge.Agent.Policies.Offered > offered), Describe()); // past the static checks, given to control
        Assert.True(TurnUntil(() => Edge.Agent.Policies.Refused == 1), Describe());
        AssertTold(tripled, "Shadow");
        Assert.Equal(1, Edge.Control.PoliciesInstalled);
    }

    // Half the thrust, far from every safety limit: it sinks out of the task's box. (With three times the gain it hovers on, 450 of 500 steps: no case for the canary.)
    [Fact]
    public void Deployed_Td3ThatFailsTheTask_IsRolledBackAfterTwoEpisodes()
    {
        StartWithTd3("watch.max_action_difference=2", "watch.max_divergence=2");
        PolicyBundle idle = Publish(counter: 2, gain: 0);
        Assert.True(TurnUntil(() => Edge.Control.PoliciesInstalled == 2), Describe());
        long episodes = Edge.Control.EpisodesEnded;
        Assert.True(TurnUntil(() => Edge.Control.PoliciesRolledBack > 0), Describe());
        Assert.InRange(Edge.Control.EpisodesEnded - episodes, 1, 2); // a turn of the agent may have passed since it took over
        Assert.Equal(1u, Edge.Control.Policy.Counter);
        AssertTold(idle, "TaskFailure");
        Assert.Equal(0, Edge.Control.Loop.Interventions);
        Assert.True(Store.IsRefused(idle.Identity));
    }

    // Every sign wrong: it falls. Static checks cannot know, and the run lets it through the comparisons, so that only the canary is left.
    // (Within how many periods of the trip: PolicyWatchTests.)
    [Fact]
    public void Deployed_PolicyThatTrips_IsRolledBackToldAndNotTriedAgain()
    {
        StartWithRaptor("watch.max_action_difference=2", "watch.max_divergence=2");
        PolicyBundle worse = Publish(counter: 2, gain: -1);
        Assert.True(TurnUntil(() => Edge.Control.PoliciesRolledBack > 0), Describe());
        Assert.Equal(1u, Edge.Control.Policy.Counter);
        AssertTold(worse, "Canary");
        Assert.Equal(1u, Store.Installed.Counter);
        Assert.True(TurnUntil(() => Edge.Control.IsFlying), "the policy before does not fly again");
        AssertNotTriedAgainAfterARestart(worse);
    }

    [Fact]
    public void Rollback_ByCommand_FliesThePolicyBeforeAtOnceAndKeepsTheOtherOut()
    {
        StartWithRaptor();
        PolicyBundle next = Publish(counter: 2, gain: 1.02f);
        Assert.True(TurnUntil(() => Store.Installed == next.Identity), Describe());
        Assert.True(Store.TryRollBack(out _, out _)); // what `robotics policy rollback` does, in another process
        Edge.Agent.Policies.FollowStore();
        Assert.True(TurnUntil(() => Edge.Control.Policy.Counter == 1, most: 20), Describe());
        AssertNotTriedAgainAfterARestart(next);
    }

    [Fact]
    public void Pin_ByCommand_HoldsAgainstNewerPolicies()
    {
        StartWithRaptor();
        PolicyIdentity first = Edge.Control.Policy;
        Assert.True(Store.TryPin(first, out _, out _));
        PolicyBundle next = Publish(counter: 2, gain: 1.02f);
        Assert.True(TurnUntil(() => Edge.Agent.Policies.Refused == 1), Describe());
        AssertTold(next, "Pinned");
        Assert.Equal(first, Edge.Control.Policy);
    }

    [Fact]
    public void Age_NewestNeverFlies_GrowsBeyondItsBoundAndIsSaid()
    {
        StartWithRaptor("watch.max_age_s=1");
        Publish(counter: 2, gain: 3);
        Assert.True(TurnUntil(() => Edge.Agent.Policies.Age.IsBeyondLimit), Describe());
        Assert.InRange(Edge.Agent.Policies.Age.BehindNs, 1_000_000_000, 1_500_000_000);
        Assert.InRange(Edge.Agent.Policies.Age.BehindSteps, 90, 150);
        Assert.Equal(2u, Edge.Agent.Policies.Age.Announced.Counter);
    }

    // The learner knows of one epoch; the robot flies a policy of the same run from a life that this learner has lost.
    [Fact]
    public void Hello_PolicyOfALaterLife_BeginsTheEpochAfterIt()
    {
        Start();
        PolicyBundle survivor = BareLearner.Raptor(Edge.Robot.Task.SchemaHash, counter: 9, gain: 1, epoch: 7);
        Assert.True(Store.TryInstall(survivor, out _));
        Restart();
        Assert.True(TurnUntil(() => Edge.Control.Policy == survivor.Identity), Describe());
        Assert.Equal(8u, _learner.Endpoint.Epoch);
        Assert.Contains(_learner.Log, l => l.Contains("7.9", StringComparison.Ordinal) && l.Contains("Epoch 8 begins", StringComparison.Ordinal));
    }

    // A policy as `robotics demo` trains it, for the robot and the task it was trained on.
    private void StartWithTd3(params string[] set)
    {
        _source = BareLearner.Td3;
        StartFlying(["robot=../hardware/sim-quad-ltf-crazyflie/robot.yaml", "task=../tasks/hover.yaml", .. set]);
    }

    private void StartWithRaptor(params string[] set) => StartFlying(set);

    private void StartFlying(string[] set)
    {
        Start(set);
        PolicyBundle first = Publish(counter: 1, gain: 1);
        Assert.True(TurnUntil(() => Edge.Control.Policy == first.Identity && Store.Installed == first.Identity), Describe());
        Turn(300); // what it sees is compared with what comes
    }

    private string[] _set = [];
    private Func<ulong, uint, float, PolicyBundle> _source = (schema, counter, gain) => BareLearner.Raptor(schema, counter, gain);

    private void Start(params string[] set)
    {
        _set = set;
        RunDescription run = LockstepRun.Load("runs/raptor-hover.yaml", 1_000_000, 1, ["gate=deployed", .. set]);
        // Narrow enough that the supervisor, not the task's box, stops a policy that falls.
        _edge = new EdgeProcess(run, _folder.Path, ["safety.max_speed_m_s=4"], _channel);
    }

    private void Restart()
    {
        Edge.Dispose();
        _channel.Dispose();
        _channel = _link.Connect();
        Start(_set);
    }

    private void AssertNotTriedAgainAfterARestart(PolicyBundle bundle)
    {
        Restart();
        Assert.True(TurnUntil(() => Edge.Agent.Policies.Refused == 1), Describe());
        AssertTold(bundle, "RefusedBefore");
        Assert.True(TurnUntil(() => Edge.Control.IsFlying), Describe());
        Assert.Equal(1u, Edge.Control.Policy.Counter);
    }

    private PolicyBundle Publish(uint counter, float gain)
    {
        PolicyBundle bundle = _source(Edge.Robot.Task.SchemaHash, counter, gain);
        _learner.Publish(bundle);
        return bundle;
    }

    // Visible at the learner: with the policy, the check, the value and the limit, and in its log.
    private void AssertTold(PolicyBundle bundle, string check)
    {
        Assert.True(TurnUntil(() => _learner.Endpoint.LastPolicyReport.Contains(check, StringComparison.Ordinal)), $"{_learner.Endpoint.LastPolicyReport}; {Describe()}");
        Assert.Contains("allowed", _learner.Endpoint.LastPolicyReport, StringComparison.Ordinal);
        Assert.Contains(_learner.Log, l => l.Contains($"{bundle.Identity.Epoch}.{bundle.Identity.Counter}", StringComparison.Ordinal) && l.Contains(check, StringComparison.Ordinal));
    }

    private bool TurnUntil(Func<bool> condition, int most = 5000)
    {
        for (int i = 0; i < most; i++)
        {
            if (condition())
                return true;
            Turn();
        }
        return condition();
    }

    private void Turn(int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            Edge.Turn(mayBlock: false);
            _nowNs += 10_000_000;
            _learner.Endpoint.Poll(_nowNs);
        }
    }

    private string Describe() =>
        $"{Edge.Progress()} {Edge.Agent.Policies.LastRefusal} {Edge.Agent.Link?.Trouble} causes {Edge.Robot.Supervisor.Causes} {Edge.Robot.Supervisor.Action} {string.Join(" | ", _learner.Log)}";
}
