using Robotics.Core;
using Robotics.Experience;

namespace Robotics.Learner.Replay;

/// <summary>The replay of a run, for every algorithm: one partition per source of steps, in one piece of memory.</summary>
/// <remarks>Filled in the order of ingestion and drawn from with the learner's own generator, so that the same steps give the same minibatches.
/// docs/algorithms/replay.md. Not thread-safe.</remarks>
public sealed class ReplayMemory : IDisposable
{
    private readonly ReplayArena _arena;
    private readonly ReplayPartition _online;
    private readonly ReplayPartition? _demonstrations;
    private readonly ReplayPartition? _interventions;
    private readonly ReplayLayout _layout;
    private readonly Dictionary<ulong, RobotStream> _robots = [];
    private readonly ReplayCursor _simulator = new();
    private int _episodes;

    /// <summary>An empty replay.</summary>
    /// <param name="layout">What a step holds.</param>
    /// <param name="sizes">Slots of each partition, and where they lie.</param>
    /// <param name="rewards">The reward; asked once per step, and again for all after <see cref="Relabel"/>.</param>
    /// <param name="human">Which steps of people are kept apart, besides being online steps.</param>
    /// <exception cref="ArgumentException">Human steps are to be kept apart for a task with action history.</exception>
    public ReplayMemory(ReplayLayout layout, ReplaySizes sizes, IRewardModel rewards, HumanShare human = HumanShare.None)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(sizes);
        bool demonstrations = human != HumanShare.None, interventions = human == HumanShare.Everything;
        if (demonstrations && layout.HistoryLength > 0)
            throw new ArgumentException($"human steps are kept apart only for tasks without action history; this one has {layout.HistoryLength} steps of it", nameof(layout));
        long humanBytes = ReplayPartition.BytesOf(layout, sizes.Human);
        _arena = new ReplayArena(ReplayPartition.BytesOf(layout, sizes.Online) + (demonstrations ? humanBytes : 0) + (interventions ? humanBytes : 0), sizes.File);
        _online = new ReplayPartition(layout, sizes.Online, rewards, _arena);
        _demonstrations = demonstrations ? new ReplayPartition(layout, sizes.Human, rewards, _arena) : null;
        _interventions = interventions ? new ReplayPartition(layout, sizes.Human, rewards, _arena) : null;
        _layout = layout;
    }

    /// <summary>Steps that can be drawn online.</summary>
    public int OnlineCount => _online.Count;

    /// <summary>Steps of people that can be drawn.</summary>
    public int HumanCount => CountOf(ReplaySource.Demonstration) + CountOf(ReplaySource.Intervention);

    /// <summary>Steps that can be drawn from a partition.</summary>
    public int CountOf(ReplaySource source) => PartitionOf(source)?.Count ?? 0;

    /// <summary>Online steps that can never be drawn because what followed them was not taken in.</summary>
    public long BrokenOff => _online.BrokenOff;

    /// <summary>Takes an online step of the one simulator that feeds this replay. It can be drawn once its successor is known.</summary>
    public void Add(in EnvironmentStep step)
    {
        if (step.EpisodeStep == 0 || !_simulator.IsOpen)
            _simulator.Episode = ++_episodes;
        _online.Add(_simulator, step);
    }

    /// <summary>Takes a robot's recorded transition: online, and apart where a person acted. Robots may come interleaved, each in its own order.</summary>
    public void Add(TransitionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        RobotStream robot = StreamOf(record);
        bool follows = robot.Take(record, ref _episodes);
        _online.Add(
            robot.Online,
            new EnvironmentStep
            {
                BreaksOff = !follows,
                Frame = record.Frame,
                Privileged = record.Privileged,
                Image = record.Images[.._layout.ImageLength],
                Action = record.Executed,
                EpisodeStep = (int)Math.Min(record.Step, int.MaxValue),
                Terminated = record.Terminated && record.HasFinal,
                Succeeded = (record.Flags & TransitionFlags.Succeeded) != 0,
                InterventionOnset = (record.Flags & TransitionFlags.InterventionOnset) != 0,
                Truncated = record.Truncated && record.HasFinal,
                Discarded = (record.Flags & TransitionFlags.Discarded) != 0,
                FinalFrame = record.FinalFrame,
                FinalPrivileged = record.FinalPrivileged,
                FinalImage = record.FinalImages[.._layout.ImageLength],
            }
        );
        AddHuman(robot, record, follows);
    }

    /// <summary>Takes a recorded transition of earlier demonstrations: into the partitions of people only.</summary>
    public void AddDemonstration(TransitionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        RobotStream robot = StreamOf(record);
        AddHuman(robot, record, robot.Take(record, ref _episodes));
    }

    /// <summary>Computes every stored reward again, under the weights now in force (curriculum).</summary>
    public void Relabel()
    {
        _online.Relabel();
        _demonstrations?.Relabel();
        _interventions?.Relabel();
    }

    /// <summary>Draws online steps, uniformly with replacement, into the rows of <paramref name="batch"/> from <paramref name="first"/> on.</summary>
    public void Sample(ReplayBatch batch, SeededRandom random, int first, int count, ReplayParts parts = ReplayParts.All)
    {
        ArgumentNullException.ThrowIfNull(batch);
        _online.Draw(batch.Slots.AsSpan(first, count), random);
        _online.Gather(batch, first, count, parts);
    }

    /// <summary>Fills <paramref name="batch"/> with online steps.</summary>
    public void Sample(ReplayBatch batch, SeededRandom random, ReplayParts parts = ReplayParts.All)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Sample(batch, random, 0, batch.Size, parts);
    }

    /// <summary>Draws steps of people, uniformly over demonstrations and interventions together, into the rows of <paramref name="batch"/> from
    /// <paramref name="first"/> on.</summary>
    public void SampleHuman(ReplayBatch batch, SeededRandom random, int first, int count, ReplayParts parts = ReplayParts.All)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(random);
        int shown = CountOf(ReplaySource.Demonstration), all = HumanCount;
        if (all == 0)
            throw new InvalidOperationException("the replay holds no step of a person; ingest demonstrations or interventions before training on them");
        int fromShown = 0; // rows from demonstrations: as many as that many draws over both partitions would give
        for (int i = 0; i < count && shown < all; i++)
            fromShown += shown > 0 && random.NextInt(all) < shown ? 1 : 0;
        if (shown == all)
            fromShown = count;
        Sample(_demonstrations!, batch, random, first, fromShown, parts);
        if (_interventions is not null)
            Sample(_interventions, batch, random, first + fromShown, count - fromShown, parts);
    }

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();

    private static void Sample(ReplayPartition partition, ReplayBatch batch, SeededRandom random, int first, int count, ReplayParts parts)
    {
        if (count == 0)
            return;
        partition.Draw(batch.Slots.AsSpan(first, count), random);
        partition.Gather(batch, first, count, parts);
    }

    private void AddHuman(RobotStream robot, TransitionRecord record, bool follows)
    {
        robot.Human?.Add(record, robot.Online.Episode, follows);
        if ((record.Flags & TransitionFlags.Discarded) == 0)
            return;
        _demonstrations?.ForgetEpisode(robot.Online.Episode);
        _interventions?.ForgetEpisode(robot.Online.Episode);
    }

    private RobotStream StreamOf(TransitionRecord record)
    {
        if (!_robots.TryGetValue(record.Identity.Robot, out RobotStream? robot))
            _robots.Add(record.Identity.Robot, robot = new RobotStream(_demonstrations is null ? null : new HumanRuns(_layout, _demonstrations, _interventions)));
        return robot;
    }

    private ReplayPartition? PartitionOf(ReplaySource source) =>
        source switch
        {
            ReplaySource.Demonstration => _demonstrations,
            ReplaySource.Intervention => _interventions,
            _ => _online,
        };
}
