using Robotics.Cli.Demo;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Policies;
using Robotics.Runtime;
using Robotics.Runtime.Agent;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Control;
using Robotics.Runtime.Memory;
using Robotics.Transport;

namespace Robotics.Cli.Processes;

/// <summary>The edge of a run in lockstep: control and agent on one thread, linked to a learner in another process.</summary>
internal sealed class EdgeProcess : IDisposable
{
    private const int EpisodesShown = 20;
    private const int TicksPerTurn = 20; // agent's round every 20 ticks: measured, see docs/benchmarks.md

    private readonly RunDescription _run;
    private readonly ManualClock _clock = new(1);
    private readonly RobotRig _robot;
    private readonly EdgeMemory _memory = EdgeMemory.Private();
    private readonly ControlRig _control;
    private readonly AgentLoop _agent;
    private readonly LockstepEdge _edge;
    private readonly ZmqEdgeChannel? _ownChannel;
    private readonly Queue<EpisodeSummary> _episodes = new();
    private long _episodesSeen;
    private Evaluation? _evaluation;

    /// <summary>The edge of <paramref name="run"/>.</summary>
    /// <param name="run">The run.</param>
    /// <param name="folder">Where spool, bundles and keys are.</param>
    /// <param name="robotOverrides">Assignments for robot.yaml.</param>
    /// <param name="channel">Link to the learner; null to connect to the run's endpoint.</param>
    public EdgeProcess(RunDescription run, string folder, IReadOnlyList<string> robotOverrides, IEdgeChannel? channel = null)
    {
        _run = run;
        _robot = RobotRig.Load(run, _clock, robotOverrides);
        ulong boot = Identity64.Of("boot", $"{run.Name}:{run.Seed}"); // lockstep is repeatable: equal spools for equal seeds
        _control = new ControlRig(_robot, _clock, _memory, boot, new FlightOptions { Outside = _robot.People() });
        if (channel is null)
            channel = _ownChannel = Connect(run, folder, _robot.RobotId);
        _agent = new AgentLoop(_memory, AgentOptionsOf(run, _robot, folder, boot), channel, GateOf(run, _robot, folder), new PolicyStore(Path.Combine(folder, "bundles"), flush: false), DeliveryOf(_robot));
        _edge = new LockstepEdge(_control, _robot, _agent, _clock, _ownChannel is null ? _clock : MonotonicClock.Instance, TicksPerTurn) { Steps = run.Steps, StatusBox = _memory.Status };
    }

    public bool IsDone => _edge.IsDone;

    public AgentLoop Agent => _agent;

    public ControlRig Control => _control;

    public RobotRig Robot => _robot;

    /// <summary>One turn of control and agent.</summary>
    public void Turn(bool mayBlock)
    {
        _edge.Turn(mayBlock);
        if (_control.EpisodesEnded == _episodesSeen)
            return;
        _episodesSeen = _control.EpisodesEnded;
        _episodes.Enqueue(_control.LastEpisode);
        while (_episodes.Count > EpisodesShown)
            _episodes.Dequeue();
    }

    /// <summary>Runs until every step is recorded and acknowledged.</summary>
    public void Run(Action<EdgeProgress>? report, CancellationToken cancellation)
    {
        long dueNs = 0;
        while (!_edge.IsDone)
        {
            cancellation.ThrowIfCancellationRequested();
            Turn(mayBlock: true);
            if (_agent.Link?.State == EdgeLinkState.Refused)
                throw new FailureException(_agent.Link.Trouble, ExitCode.Incompatible);
            if (report is null || MonotonicClock.Instance.NowNs < dueNs)
                continue;
            dueNs = MonotonicClock.Instance.NowNs + 200_000_000;
            report(Progress());
        }
        _agent.Commit();
    }

    /// <summary>Evaluates the installed policy as the task asks.</summary>
    public void Evaluate(Func<RunDescription> reload) => _evaluation = Evaluation.Of(reload, _agent.Policies.LastOffered?.ToImage(), _run.EvaluationEpisodes);

    public EdgeProgress Progress(bool done = false) => new()
    {
        Steps = _control.Recorded,
        MeanReturn = _episodes.Count == 0 ? 0 : _episodes.Average(e => e.Return),
        MeanLength = _episodes.Count == 0 ? 0 : _episodes.Average(e => e.Steps),
        Policy = _control.Policy.ToString(),
        PoliciesInstalled = _control.PoliciesInstalled,
        PoliciesRefused = _agent.Policies.Refused,
        PolicyRefusal = _agent.Policies.LastRefusal,
        PoliciesRolledBack = _control.PoliciesRolledBack,
        PolicyBehindSeconds = _agent.Policies.Age.BehindNs / 1e9,
        PolicyBehindSteps = _agent.Policies.Age.BehindSteps,
        PolicyAppliedMaxSeconds = _agent.Policies.Age.MaxAppliedNs / 1e9,
        SafetyInterventions = _control.Loop.Interventions,
        Spooled = _agent.Spooled,
        Acknowledged = (long)_agent.Acknowledged,
        Dropped = _memory.Records.Dropped,
        Link = _agent.Link?.State.ToString() ?? "none",
        EvaluationMeanLength = _evaluation?.MeanLength ?? 0,
        EvaluationSettledShare = _evaluation?.SettledShare ?? 0,
        EvaluationSuccessShare = _evaluation?.SuccessShare ?? 0,
        CpuSeconds = CpuTime.ProcessSeconds,
        Done = done,
    };

    public void Dispose()
    {
        _agent.Dispose();
        _ownChannel?.Dispose();
        _control.Dispose();
        _memory.Dispose();
        _robot.Dispose();
    }

    public static AgentOptions AgentOptionsOf(RunDescription run, RobotRig robot, string folder, ulong boot, string? spoolFolder = null) => new()
    {
        Robot = robot.RobotId,
        Boot = boot,
        Schema = robot.Schema,
        SpoolFolder = spoolFolder ?? Path.Combine(folder, "spool"),
        OnEdge = AdaptsOnEdge(run) ? new OnEdgeLearner(robot.Task, robot.Schema, run.Seed, signer: PolicyKeys.OnEdgeSigner(folder)) : null,
        RecordingFolder = run.Record == "mcap" ? Path.Combine(folder, "recordings") : null,
        Spool = new SpoolOptions
        {
            CommitIntervalNs = (long)(run.SpoolFsyncMs * 1e6),
            MaxBytes = run.SpoolMaxMib << 20,
            Retention = run.SpoolWhenFull == "drop_acknowledged" ? SpoolRetention.DropAcknowledged : SpoolRetention.KeepAll,
            ConfigHash = run.Document.ContentHash,
            SyncInBackground = boot == 0, // real time: the link must not wait for the disk
        },
    };

    public static PolicyGate GateOf(RunDescription run, RobotRig robot, string folder) => new(
        new PolicyExpectations
        {
            SchemaHash = robot.Task.SchemaHash,
            ObservationLength = robot.Task.ObservationLength,
            ActionLength = robot.Task.ActionLength,
            PolicyRateHz = robot.Task.PolicyRateHz,
            InferenceBudgetNs = robot.Rules.InferenceBudgetNs,
            MaxActionDifference = robot.Rules.MaxActionDifference,
            CapacityFloats = ControlRig.CapacityFloats,
            RequireSignature = !Endpoints.IsLoopback(run.Endpoint),
            TrustedKeys = PolicyKeys.Trusted(run.Endpoint, folder, AdaptsOnEdge(run)),
        },
        ThreadCpuClock.Instance);

    private static bool AdaptsOnEdge(RunDescription run) => run.OnEdge == "stream-ac";

    public static DeliveryOptions DeliveryOf(RobotRig robot, Action<string>? log = null) => new()
    {
        Gate = robot.Rules.Gate,
        MaxAgeNs = robot.Rules.MaxAgeNs,
        Recent = robot.Rules.Gate == GateKind.Deployed ? new RecentObservations(robot.Task, robot.Schema) : null,
        Log = log,
    };

    public static ZmqEdgeChannel Connect(RunDescription run, string folder, ulong robot)
    {
        if (!Endpoints.UsesKeys(run.Endpoint, folder, out string keyFolder))
            return new ZmqEdgeChannel(run.Endpoint, null, null);
        (CurveKeyPair keys, string learnerKey) = LinkKeys.LoadEdge(keyFolder, robot);
        return new ZmqEdgeChannel(run.Endpoint, keys, learnerKey);
    }
}
