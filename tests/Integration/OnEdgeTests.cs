using Robotics.Cli.Processes;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Policies;
using Robotics.Policies.Streaming;
using Robotics.Runtime;
using Robotics.Runtime.Agent;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Transport;

namespace Robotics.Integration.Tests;

/// <summary>A robot that flies on while its learner is gone: the agent adapts the last verified policy, through the same gate and swap.</summary>
public sealed class OnEdgeTests
{
    [Fact]
    public void AgentOptionsOf_RunSaysNothing_LearnsNothingOnTheEdge()
    {
        using var folder = new TemporaryFolder();
        foreach ((string? set, bool expected) in ((string?, bool)[])[(null, false), ("on_edge=stream-ac", true)])
        {
            RunDescription run = LockstepRun.Load("runs/hover.yaml", 1000, 1, set is null ? [] : [set]);
            using RobotRig robot = RobotRig.Load(run, new ManualClock(1));
            Assert.Equal(expected, EdgeProcess.AgentOptionsOf(run, robot, folder.Path, 1).OnEdge is not null);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // the robot takes signed policies only: the learner's, and those it adapted itself
    public void Turn_LinkCutAndBack_AdaptsMeanwhileAndGivesWayToTheLearner(bool signed)
    {
        using var folder = new TemporaryFolder();
        if (signed)
            PolicyKeys.Create(Directory.CreateDirectory(folder["keys"]).FullName);
        using var edge = new CutEdge(folder.Path);
        edge.FlyUntil(() => edge.Control.Recorded >= 250, withLearner: true);
        ulong run = edge.Control.Policy.Run;
        Assert.Equal(0, edge.OnEdge.Steps);

        edge.FlyUntil(() => edge.Control.Policy.Run == OnEdgeLearner.RunOf(run), withLearner: false);
        Assert.True(edge.OnEdge.Steps > CutEdge.CriticOnly);
        edge.FlyUntil(() => edge.Control.Policy is { Counter: >= 3 } p && p.Run == OnEdgeLearner.RunOf(run), withLearner: false);
        Assert.Equal("", edge.OnEdge.Trouble);
        Assert.Equal(signed, edge.Agent.Policies.Verified!.IsSigned);
        if (signed)
            Assert.NotEqual(SignerOf(folder["keys"]), edge.Agent.Policies.Verified.SignerKeyId);
        Assert.Equal("", edge.Agent.Policies.LastRefusal);

        edge.FlyUntil(() => edge.Control.Policy.Run == run, withLearner: true);
        Assert.Equal(0, edge.OnEdge.Steps);
        Assert.Equal("", edge.Agent.Policies.LastRefusal);
        Assert.Equal(0, edge.Agent.Policies.Refused);
        if (signed)
            Assert.Equal(SignerOf(folder["keys"]), edge.Agent.Policies.Verified!.SignerKeyId);
    }

    private static ulong SignerOf(string keys) => PolicyKeys.ReadPublic(Path.Combine(keys, "policy.pub")).Id;

    private sealed class CutEdge : IDisposable
    {
        public const int CriticOnly = 300;
        private readonly MemoryLink _link = new(capacity: 1024);
        private readonly IEdgeChannel _channel;
        private readonly ManualClock _clock = new(1);
        private readonly EdgeMemory _memory = EdgeMemory.Private();
        private readonly RobotRig _robot;
        private readonly LearnerProcess _learner;

        public CutEdge(string folder)
        {
            _channel = _link.Connect();
            RunDescription run = LockstepRun.Load("runs/hover.yaml", 100_000, 1, "on_edge=stream-ac");
            _robot = RobotRig.Load(run, _clock);
            Control = new ControlRig(_robot, _clock, _memory, boot: 1, new FlightOptions());
            OnEdge = new OnEdgeLearner(_robot.Task, _robot.Schema, run.Seed, StreamAcOptions.Adapt with { CriticOnlySteps = CriticOnly }, publishEvery: 100, PolicyKeys.OnEdgeSigner(folder));
            Agent = new AgentLoop(
                _memory, EdgeProcess.AgentOptionsOf(run, _robot, folder, 1) with { OnEdge = OnEdge }, _channel, EdgeProcess.GateOf(run, _robot, folder),
                new PolicyStore(Path.Combine(folder, "bundles"), flush: false), EdgeProcess.DeliveryOf(_robot));
            _learner = new LearnerProcess(LockstepRun.Load("runs/hover.yaml", 100_000, 1), folder, _link.Learner);
        }

        public ControlRig Control { get; }

        public AgentLoop Agent { get; }

        public OnEdgeLearner OnEdge { get; }

        /// <summary>Flies in simulated time, as a live robot does: it never waits for the learner.</summary>
        public void FlyUntil(Func<bool> done, bool withLearner)
        {
            for (int tick = 0; !done(); tick++)
            {
                Assert.True(tick < 20_000, $"policy {Control.Policy} of run {Control.Policy.Run:x}, {OnEdge.Steps} steps on the edge, {OnEdge.Trouble} {Agent.Policies.LastRefusal}");
                _clock.Advance(_robot.PeriodNs);
                Control.Loop.Tick();
                ControlStatus status = default;
                Control.Describe(ref status, _robot, missedPeriods: 0, flownNs: _clock.NowNs);
                status.PutInto(_memory.Status);
                Agent.Turn(_clock.NowNs);
                if (withLearner)
                    _learner.Turn();
            }
        }

        public void Dispose()
        {
            Agent.Dispose();
            _learner.Dispose();
            _channel.Dispose();
            _link.Dispose();
            Control.Dispose();
            _memory.Dispose();
            _robot.Dispose();
        }
    }
}
