using Robotics.Experience;
using Robotics.Learner.Checkpoints;
using Robotics.Learner.Kernels;
using Robotics.Learner.Replay;
using Robotics.Learner.Td3;

namespace Robotics.Learner;

/// <summary>Learns from environment steps as they are ingested, on a schedule counted in ingested steps.</summary>
/// <remarks>The caller ingests a step, then calls <see cref="Step"/>: <c>trainer.Ingest(step); trainer.Step();</c>. Not thread-safe.
/// Repeatable: the same seed, options and steps give the same weights, bit for bit, on the same kernels.</remarks>
public sealed class Trainer : IDisposable
{
    private readonly IRewardModel _rewards;
    private readonly ReplayMemory _replay;
    private readonly ulong _seed;
    private readonly string _kernelName;
    private long _replayFrom;

    /// <summary>A trainer of TD3 with freshly initialised networks.</summary>
    public Trainer(ReplayLayout layout, Td3Options options, IRewardModel rewards, ulong seed, KernelChoice kernels = KernelChoice.Auto)
        : this(layout, LearningAlgorithm.Td3(options), rewards, seed, kernels) { }

    /// <summary>A trainer with freshly initialised networks.</summary>
    public Trainer(ReplayLayout layout, LearningAlgorithm algorithm, IRewardModel rewards, ulong seed, KernelChoice kernels = KernelChoice.Auto)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        ArgumentNullException.ThrowIfNull(rewards);
        Layout = layout;
        Algorithm = algorithm;
        _rewards = rewards;
        _replay = new ReplayMemory(layout, algorithm.Replay, rewards, algorithm.Human);
        DenseKernels arithmetic = DenseKernels.For(kernels);
        Learner = algorithm.Create(layout, seed, arithmetic);
        (_seed, _kernelName) = (seed, arithmetic.Name);
    }

    public ReplayLayout Layout { get; }

    /// <summary>What is learnt by, and with which constants.</summary>
    public LearningAlgorithm Algorithm { get; }

    /// <summary>Environment steps ingested so far.</summary>
    public long IngestedSteps { get; private set; }

    /// <summary>Steps of people in the replay; 0 where the algorithm keeps none apart.</summary>
    public int HumanSteps => _replay.HumanCount;

    /// <summary>Steps that were ingested but can never be learnt from, because what followed them was lost.</summary>
    public long BrokenOffSteps => _replay.BrokenOff;

    /// <summary>The networks and their updates.</summary>
    public IPolicyLearner Learner { get; }

    /// <summary>Environment steps that are to be ingested again after <see cref="Restore"/>, before the first <see cref="Step"/>.</summary>
    public long StepsToReplay => Math.Max(0, _replayFrom - IngestedSteps);

    /// <summary>The persistent store has given up <paramref name="steps"/> of its transitions: they count as ingested, as they were before
    /// the restart, but the replay memory does without them. Between <see cref="Restore"/> and the first step ingested again.</summary>
    public void Forgo(long steps)
    {
        if (IngestedSteps != 0)
            throw new InvalidOperationException($"forgo before the first step is ingested; this trainer has ingested {IngestedSteps}");
        IngestedSteps = steps;
        _rewards.Advance(steps);
    }

    /// <summary>Takes one recorded transition: its frame, privileged observation and executed action.</summary>
    public void Ingest(TransitionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        _replay.Add(record);
        Advance();
    }

    /// <summary>Takes one environment step into the replay memory and moves the curriculum on.</summary>
    public void Ingest(in EnvironmentStep step)
    {
        _replay.Add(step);
        Advance();
    }

    /// <summary>Takes one recorded transition of a demonstration into the partitions of people only; it does not count as a step of this run.</summary>
    public void IngestDemonstration(TransitionRecord record) => _replay.AddDemonstration(record);

    /// <summary>The updates due before the first step, on demonstrations: behaviour cloning publishes no policy that has seen none.</summary>
    public void Begin()
    {
        if (IngestedSteps == 0 && _replay.HumanCount > 0)
            Learner.Step(0, _replay);
    }

    /// <summary>The updates due after the last ingested step; none while steps are replayed after <see cref="Restore"/>.</summary>
    public void Step()
    {
        if (IngestedSteps > _replayFrom && _replay.OnlineCount > 0)
            Learner.Step(IngestedSteps, _replay);
    }

    /// <summary>Writes a checkpoint that resumes bit-exactly; the file is complete or absent, also after a power cut.</summary>
    /// <exception cref="IOException">The disk refused.</exception>
    public void Save(string path)
    {
        var writer = new CheckpointWriter(Fingerprint());
        writer.Write(IngestedSteps);
        Learner.Save(writer);
        writer.Commit(path);
    }

    /// <summary>Restores a checkpoint into a fresh trainer. The replay memory is not part of it: the caller ingests the first
    /// <see cref="StepsToReplay"/> transitions of the persistent store again, in order, then goes on as before.</summary>
    public CheckpointStatus Restore(string path)
    {
        if (IngestedSteps != 0)
            throw new InvalidOperationException($"restore into a fresh trainer; this one has ingested {IngestedSteps} steps");
        CheckpointStatus status = CheckpointReader.TryOpen(path, Fingerprint(), out CheckpointReader? reader);
        if (status != CheckpointStatus.Ok || reader is null)
            return status;
        _replayFrom = reader.ReadInt64();
        Learner.Restore(reader);
        return CheckpointStatus.Ok;
    }

    /// <summary>Begins with the networks of the earlier run whose checkpoint is at <paramref name="path"/>, and with none of its data (WSRL).</summary>
    /// <exception cref="InvalidDataException">It is no whole checkpoint, or of other networks.</exception>
    public void BeginWith(string path)
    {
        CheckpointStatus status = CheckpointReader.TryOpenAny(path, out CheckpointReader? reader);
        if (status != CheckpointStatus.Ok || reader is null)
            throw new InvalidDataException($"{path}: {status}; warm_start needs a whole checkpoint of an earlier run");
        reader.ReadInt64(); // how far that run was
        try
        {
            Learner.Restore(reader);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException($"{path}: a checkpoint of another algorithm or of other network shapes than this run's {Algorithm.Kind} ({Algorithm.Constants})", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _replay.Dispose();
        Learner.Dispose();
    }

    private void Advance()
    {
        IngestedSteps++;
        if (_rewards.Advance(IngestedSteps))
            _replay.Relabel();
    }

    // What must be equal for a checkpoint to mean the same thing: a replay of another size overwrites at other times. Where it lies does not count.
    private string Fingerprint() =>
        $"{Algorithm.Kind} seed={_seed} kernels={_kernelName} {Layout} replay={Algorithm.Replay.Online}+{Algorithm.Replay.Human} {Algorithm.Constants}";
}
