using Robotics.Configuration;
using Robotics.Core;
using Robotics.Experience;
using Robotics.Learner;
using Robotics.Learner.Imitation;
using Robotics.Learner.Kernels;
using Robotics.Learner.Replay;
using Robotics.Policies;
using Robotics.Runtime;
using Robotics.Runtime.Composition;
using Robotics.Runtime.Memory;
using Robotics.Runtime.Time;
using Robotics.Tasks;

namespace Robotics.Cli.Bench.Hil;

/// <summary>One training with or without a simulated person, in one process: the robot's own control loop and supervisor, the learner's own
/// trainer, and between them the record ring and the policy mailbox. No link and no disk, which the demo measures.</summary>
internal sealed class HilRun : IDisposable
{
    private const double FinalShare = 0.1; // the last tenth of the steps tells how much help is still needed

    private readonly string _runFile;
    private readonly ulong _seed;
    private readonly ManualClock _clock = new(1);
    private readonly RobotRig _robot;
    private readonly EdgeMemory _memory = EdgeMemory.Private();
    private readonly ControlRig _control;
    private readonly LockstepPacer _pacer;
    private readonly TransitionRecord _record;
    private readonly Trainer _trainer;
    private readonly List<byte[]> _records = [];
    private readonly List<bool> _human = [];
    private readonly bool _keepsRecords;
    private readonly int _publishEvery;
    private uint _published;

    /// <summary>A fresh run.</summary>
    /// <param name="runFile">The run; its algorithm section holds the constants.</param>
    /// <param name="mode">Which help.</param>
    /// <param name="seed">Of everything random.</param>
    /// <param name="steps">Environment steps to be trained in all.</param>
    /// <param name="set">Further overrides of the run file.</param>
    public HilRun(string runFile, HilMode mode, ulong seed, long steps, params IEnumerable<string> set)
    {
        (_runFile, _seed, Mode) = (runFile, seed, mode);
        RunDescription run = RunDescription.Load(runFile, [.. OverridesOf(mode), .. set]);
        run.Seed = seed;
        run.Steps = steps;
        LearningAlgorithm algorithm = LearningAlgorithm.Read(run.Algorithm, steps, run.Replay);
        _robot = RobotRig.Load(run, _clock);
        algorithm.ThrowIfUnfit(_robot.Task);
        bool assisted = mode is HilMode.Interventions or HilMode.Rlif;
        _keepsRecords = mode == HilMode.Rlif;
        IReadOnlyList<IProposalSource> people = assisted ? [_robot.PersonOf(_robot.Person ?? new SimulatedHumanSettings())] : [];
        _control = new ControlRig(_robot, _clock, _memory, boot: 1, new FlightOptions { Outside = people });
        _pacer = new LockstepPacer(_clock, _robot.PeriodNs);
        _record = new TransitionRecord(_robot.Schema);
        _trainer = new Trainer(ReplayLayout.Of(_robot.Task), algorithm, algorithm.RewardsOf(_robot.Task), seed);
        _publishEvery = run.PublishEverySteps;
        Publish();
    }

    /// <summary>Which help.</summary>
    public HilMode Mode { get; }

    /// <summary>Environment steps trained.</summary>
    public long Steps => _trainer.IngestedSteps;

    /// <summary>What was recorded of an RLIF run, for whoever learns from the same data.</summary>
    public IReadOnlyList<byte[]> Records => _records;

    /// <summary>Share of steps that the person drove, from environment step <paramref name="from"/> on.</summary>
    public double HumanShareFrom(long from)
    {
        int start = (int)Math.Min(from, _human.Count);
        return _human.Count == start ? 0 : _human.Skip(start).Count(h => h) / (double)(_human.Count - start);
    }

    /// <summary>Share of steps that the person drove in the last tenth.</summary>
    public double FinalInterventionRate => HumanShareFrom((long)(_human.Count * (1 - FinalShare)));

    /// <summary>Demonstrations of the simulated person, successful ones only, as recorded.</summary>
    public static IReadOnlyList<byte[]> Demonstrate(string runFile, ulong seed, int episodes)
    {
        RunDescription run = RunDescription.Load(runFile);
        run.Seed = seed ^ 0x64656D6F; // "demo": other starts than the training's
        var clock = new ManualClock(1);
        using RobotRig robot = RobotRig.Load(run, clock);
        SimulatedHuman person = robot.PersonOf((robot.Person ?? new SimulatedHumanSettings()) with { Demonstrates = true });
        using var flight = new DemonstrationFlight(robot, clock, boot: 2, [person]);
        List<byte[]> kept = [];
        flight.Fly(episodes, 20 * episodes, onlySuccess: true, kept.Add);
        return kept;
    }

    /// <summary>Gives the demonstrations to the learner; call before the first step.</summary>
    public void TakeDemonstrations(IReadOnlyList<byte[]> records)
    {
        foreach (byte[] record in records)
        {
            if (TransitionCodec.TryDecode(record, _record, out _) == DecodeStatus.Ok)
                _trainer.IngestDemonstration(_record);
        }
    }

    /// <summary>Trains until <paramref name="steps"/> environment steps.</summary>
    public void RunTo(long steps)
    {
        while (_trainer.IngestedSteps < steps)
        {
            _pacer.WaitForNextTick();
            _control.Loop.Tick();
            while (_memory.Records.TryRead(out ReadOnlySpan<byte> bytes))
            {
                Learn(bytes);
                _memory.Records.Release();
            }
        }
    }

    /// <summary>Success of the newest policy alone, without exploration, over <paramref name="episodes"/> starts that no training sees.</summary>
    public double Evaluate(int episodes) => Evaluate(Image(_trainer.Learner, 0), episodes);

    /// <summary>Success of behaviour cloning on the human steps of <see cref="Records"/>.</summary>
    /// <param name="updates">Gradient steps.</param>
    /// <param name="episodes">Evaluation episodes.</param>
    public double EvaluateCloned(int updates, int episodes)
    {
        ReplayLayout layout = ReplayLayout.Of(_robot.Task);
        using var replay = new ReplayMemory(layout, ReplaySizes.For(_records.Count), new RlifReward(), HumanShare.Everything);
        foreach (byte[] record in _records)
        {
            if (TransitionCodec.TryDecode(record, _record, out _) == DecodeStatus.Ok)
                replay.AddDemonstration(_record);
        }
        var options = new ImitationOptions { InitialUpdates = updates };
        using var learner = new ImitationLearner(options, layout, _seed, DenseKernels.For(KernelChoice.Auto));
        learner.Step(1, replay);
        return Evaluate(Image(learner, 0), episodes);
    }

    public void Dispose()
    {
        _trainer.Dispose();
        _control.Dispose();
        _memory.Dispose();
        _robot.Dispose();
    }

    private static string[] OverridesOf(HilMode mode) =>
        mode switch
        {
            HilMode.Alone => ["algorithm.kind=rlpd", "algorithm.human_data=none"],
            HilMode.Demonstrations => ["algorithm.kind=rlpd", "algorithm.human_data=demonstrations"],
            HilMode.Interventions => ["algorithm.kind=rlpd", "algorithm.human_data=everything"],
            _ => ["algorithm.kind=rlif"],
        };

    private void Learn(ReadOnlySpan<byte> bytes)
    {
        if (TransitionCodec.TryDecode(bytes, _record, out _) != DecodeStatus.Ok)
            throw new InvalidDataException("a record from this process's own ring does not decode");
        if (_keepsRecords)
            _records.Add(bytes.ToArray());
        _human.Add(_record.Source == ActionSource.Human);
        _trainer.Ingest(_record);
        _trainer.Step();
        if (_trainer.IngestedSteps % _publishEvery == 0)
            Publish();
    }

    private void Publish() => _memory.Policies.TryPut(Image(_trainer.Learner, _trainer.Algorithm.ExplorationNoise));

    private byte[] Image(IPolicyLearner learner, double exploration)
    {
        PublishedActor actor = PublishedActor.Of(learner, _robot.Task.ActionLength);
        var identity = new PolicyIdentity(1, 1, _published++, _published);
        return NetworkImage.Write(
            actor.Network, actor.Parameters,
            new NetworkImageFacts(identity, _robot.Task.SchemaHash, (float)exploration, (float)_robot.Task.PolicyRateHz));
    }

    private double Evaluate(byte[] image, int episodes) => Evaluation.Of(
        () =>
        {
            RunDescription run = RunDescription.Load(_runFile);
            run.Seed = _seed;
            return run;
        },
        image, episodes).SuccessShare;
}
