using Robotics.Cli.Demo;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Learner;
using Robotics.Learner.Replay;
using Robotics.Policies;
using Robotics.Runtime.Composition;
using Robotics.Transport;

namespace Robotics.Cli.Processes;

/// <summary>The learner of a run: endpoint, store, trainer, publisher.</summary>
internal sealed class LearnerProcess : IDisposable
{
    private const int WaitMs = 20; // sleeps in poll(2) until an edge says something

    private readonly bool _isRepeatable; // one process, one thread: equal seeds give equal bytes, so nothing may depend on the wall clock
    private readonly RobotRig _robot;
    private readonly Trainer _trainer;
    private readonly PolicyPublisher _publisher;
    private readonly SigningKey? _signer;
    private readonly ExperienceStore _store;
    private readonly ZmqLearnerChannel? _ownChannel;
    private readonly LearnerLoop _loop;
    private readonly LearnerEndpoint _endpoint;

    /// <summary>The learner of <paramref name="run"/>.</summary>
    /// <param name="run">The run.</param>
    /// <param name="folder">Where store, checkpoint and keys are.</param>
    /// <param name="log">Lines for people.</param>
    /// <param name="channel">Link to the edges; null to listen at the run's endpoint.</param>
    public LearnerProcess(RunDescription run, string folder, ILearnerChannel? channel = null, Action<string>? log = null)
    {
        _isRepeatable = channel is not null;
        LearningAlgorithm algorithm = LearningAlgorithm.Read(run.Algorithm, run.Steps, run.Replay); // before the files are checked as a whole
        _robot = RobotRig.Load(run, new ManualClock(1), attach: false); // for the channels that task and reward are bound to; never flown here
        var task = _robot.Task;
        algorithm.ThrowIfUnfit(task);
        _trainer = new Trainer(ReplayLayout.Of(task), algorithm, algorithm.RewardsOf(task), run.Seed);
        _store = new ExperienceStore(Path.Combine(folder, "store"), new SpoolOptions
        {
            CommitIntervalNs = (long)(run.SpoolFsyncMs * 1e6),
            ConfigHash = run.Document.ContentHash,
            SyncInBackground = !_isRepeatable, // training must not wait for the disk
        }, new StoreBound { MaxBytes = run.StoreMaxMib << 20, DropsOldest = run.StoreWhenFull == "drop_oldest" });
        _loop = new LearnerLoop(_trainer, _robot.Schema, run.PublishEverySteps);
        Prepare(algorithm, log);
        var checkpoints = new CheckpointKeeper(CheckpointFolder(folder), _trainer, _store, run.CheckpointEverySteps);
        Epoch = checkpoints.Resume(_loop, out long transitions);
        _trainer.Begin();
        if (Epoch > 1)
            log?.Invoke($"epoch {Epoch}: resumed with {transitions} stored transitions, {_trainer.Learner.CriticUpdates} critic updates");
        ulong runId = Identity64.Of("run", $"{run.Name}:{run.Seed}");
        _signer = PolicyKeys.Signer(run.Endpoint, folder);
        _publisher = new PolicyPublisher(run.Name, runId, Epoch, task, algorithm.ExplorationNoise, _isRepeatable ? () => "" : () => WallClock.UtcNow.ToString("O"), _signer);
        if (channel is null)
            channel = _ownChannel = Listen(run, folder, log);
        _endpoint = new LearnerEndpoint(channel, _store, _loop, new LearnerEndpointOptions
        {
            Run = runId,
            Epoch = Epoch,
            Schema = _robot.Schema,
            GrantLeadSteps = (uint)run.LeadSteps,
            MaxBytesPerRobot = run.StoreMaxMibPerRobot << 20,
            EpochBegun = epoch => _loop.BeginEpoch(Epoch = epoch),
            Log = log,
        });
        _loop.Open(_endpoint, _publisher, checkpoints);
    }

    /// <summary>Where a run's checkpoint lies in its folder.</summary>
    public static string CheckpointFolder(string folder) => Path.Combine(folder, "checkpoint");

    public uint Epoch { get; private set; }

    public Trainer Trainer => _trainer;

    /// <summary>One turn: what arrived is stored and learnt from.</summary>
    public void Turn(int waitMs = 0) => _endpoint.Poll(MonotonicClock.Instance.NowNs, waitMs);

    /// <summary>Makes all that was taken in durable and tells the edges.</summary>
    public void Commit() => _endpoint.Commit();

    /// <summary>Runs until cancelled; then everything taken in is durable.</summary>
    public void Run(Action<LearnerProgress>? report, CancellationToken cancellation)
    {
        long dueNs = 0;
        while (!cancellation.IsCancellationRequested)
        {
            Turn(WaitMs);
            if (report is null || MonotonicClock.Instance.NowNs < dueNs)
                continue;
            dueNs = MonotonicClock.Instance.NowNs + 200_000_000;
            report(Progress());
        }
        _endpoint.Commit();
    }

    public LearnerProgress Progress(bool done = false) => new()
    {
        Stored = _endpoint.Counters.Ingested,
        InReplay = _trainer.IngestedSteps,
        BrokenOff = _trainer.BrokenOffSteps,
        CriticUpdates = _trainer.Learner.CriticUpdates,
        Published = _publisher.Published,
        Epoch = Epoch,
        BadFrames = _endpoint.Counters.BadFrames + _endpoint.Counters.BadRecords,
        Repeats = _endpoint.Counters.Repeated,
        CpuSeconds = CpuTime.ProcessSeconds,
        Done = done,
    };

    public void Dispose()
    {
        _store.Dispose();
        _ownChannel?.Dispose();
        _trainer.Dispose();
        _signer?.Dispose();
        _robot.Dispose();
    }

    // What the algorithm begins with. A checkpoint of this very run, where there is one, then takes the networks' place.
    private void Prepare(LearningAlgorithm algorithm, Action<string>? log)
    {
        if (algorithm.WarmStart is { } warm)
            _trainer.BeginWith(warm.Checkpoint);
        if (algorithm.Demonstrations is not { } spool)
            return;
        var record = new TransitionRecord(_robot.Schema);
        foreach (SpoolStream stream in SpoolStream.List(spool))
        {
            using SpoolReader reader = SpoolReader.Open(spool, stream, _robot.Schema);
            while (reader.TryRead(out ReadOnlySpan<byte> bytes, out _))
            {
                if (TransitionCodec.TryDecode(bytes, record, out _) == DecodeStatus.Ok)
                    _trainer.IngestDemonstration(record);
            }
        }
        if (_trainer.HumanSteps == 0)
            throw new FailureException($"the spool {spool} holds no demonstration of this task (schema {_robot.Schema.Task}); record some with: robotics record", ExitCode.BadConfiguration);
        log?.Invoke($"{_trainer.HumanSteps} demonstrated steps from {spool}");
    }

    private static ZmqLearnerChannel Listen(RunDescription run, string folder, Action<string>? log)
    {
        if (!Endpoints.UsesKeys(run.Endpoint, folder, out string keyFolder))
            return new ZmqLearnerChannel(run.Endpoint, null, null);
        (CurveKeyPair keys, IReadOnlyDictionary<string, string> allowed) = LinkKeys.LoadLearner(keyFolder);
        return new ZmqLearnerChannel(run.Endpoint, keys, allowed, log);
    }
}
