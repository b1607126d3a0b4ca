using Robotics.Core;
using Robotics.Experience;
using Robotics.Learner.Replay;

namespace Robotics.Learner.Tests.Replay;

/// <summary>The compact memory against full transitions kept beside it.</summary>
public sealed class ReplayMemoryTests
{
    private static readonly ReplayLayout s_layout = new(2, 3, 1, 2);

    [Theory]
    [InlineData(1000, false)] // never wraps
    [InlineData(60, false)] // wraps many times, in the middle of episodes
    [InlineData(60, true)] // the same in a mapped file
    public void Sample_ManySteps_RebuildsHistoryNextObservationAndReward(int capacity, bool mapped)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"robotics-{Guid.NewGuid():N}");
        string? file = mapped ? Path.Combine(folder, "replay.map") : null;
        using var store = new ReplayMemory(s_layout, new ReplaySizes(capacity, 4, file), new SumReward());
        Assert.Equal(mapped, Directory.Exists(folder));
        if (mapped)
            Directory.Delete(folder); // empty: the file is mapped and has no name any more, so a killed learner leaves nothing behind
        var expected = new Dictionary<float, Full>();
        var random = new SeededRandom(7);
        var drawn = new HashSet<float>();
        using var batch = new ReplayBatch(s_layout, 32);
        float id = 0;
        for (int episode = 0; episode < 40; episode++)
        {
            int length = 1 + random.NextInt(20);
            bool terminated = episode % 2 == 0;
            var history = new List<float> { 0, 0, 0 };
            for (int t = 0; t < length; t++, id++)
            {
                bool last = t == length - 1;
                var full = new Full(id, [.. history[^3..]], action: id / 1000, last && terminated, next: last ? -id : id + 1);
                expected[id] = full;
                history.Add(full.Action);
                AddTo(store, full, t, last && terminated, last && !terminated);
                if (store.OnlineCount > 0)
                    CheckBatch(store, batch, random, expected, drawn);
            }
        }
        Assert.True(drawn.Count > expected.Count / 2);
    }

    [Fact]
    public void Sample_NewestStepWithoutSuccessor_IsNotDrawn()
    {
        using var store = new ReplayMemory(s_layout, new ReplaySizes(100, 4), new SumReward());
        AddTo(store, new Full(0, [0, 0, 0], 0.1f, false, 1), 0, false, false);
        Assert.Equal(0, store.OnlineCount);
        AddTo(store, new Full(1, [0, 0, 0.1f], 0.2f, false, 2), 1, false, false);
        Assert.Equal(1, store.OnlineCount);
    }

    [Fact]
    public void Add_EpisodeBrokenOff_ItsOpenStepIsNeverDrawn()
    {
        using var store = new ReplayMemory(s_layout, new ReplaySizes(100, 4), new SumReward());
        AddTo(store, new Full(0, [0, 0, 0], 0.1f, false, 1), 0, false, false);
        AddTo(store, new Full(5, [0, 0, 0], 0.2f, false, 6), 0, false, false);
        AddTo(store, new Full(6, [0, 0, 0.2f], 0.3f, false, 7), 1, false, false);
        Assert.Equal(1, store.OnlineCount);
        using var batch = new ReplayBatch(s_layout, 32);
        store.Sample(batch, new SeededRandom(1));
        Assert.Equal(5, batch.Observation.Span(0)[0]);
    }

    // Record 3 was lost on the edge; another robot's record in between changes nothing.
    [Theory]
    [InlineData(0, 6)] // steps 1, 4, 5, 6, 7, 8 have their own successor
    [InlineData(2, 4)] // of them 4 and 5 lack actions that the policy had seen
    public void Add_RecordLostAndAnotherRobotsInBetween_NoStepGetsAnotherOnesSuccessor(int history, int drawable)
    {
        var layout = new ReplayLayout(1, history, 1, 0);
        using var store = new ReplayMemory(layout, new ReplaySizes(100, 4), new LabelReward());
        foreach ((ulong robot, ulong sequence) in new (ulong, ulong)[] { (7, 1), (7, 2), (7, 4), (7, 5), (7, 6), (7, 7), (9, 40), (7, 8), (7, 9) })
            AddRecord(store, history, robot, sequence, step: (uint)sequence - 1);
        Assert.Equal((drawable, 1L), (store.OnlineCount, store.BrokenOff));
        using var batch = new ReplayBatch(layout, 200);
        store.Sample(batch, new SeededRandom(1));
        for (int row = 0; row < batch.Size; row++)
            Assert.Equal(batch.Observation.Span(row)[0] + 1, batch.NextObservation.Span(row)[0]);
    }

    // Three robots fly at once, their records arrive in any mixture: each step has its own successor and its own history, and none is missing.
    [Theory]
    [InlineData(4000, 0)]
    [InlineData(4000, 3)]
    [InlineData(300, 3)] // wraps many times, each robot at its own pace
    public void Add_RobotsInterleaved_EachStepHasItsOwnSuccessorAndHistory(int capacity, int history)
    {
        const int robots = 3, records = 3000, length = 50;
        var layout = new ReplayLayout(1, history, 1, 0);
        using var store = new ReplayMemory(layout, new ReplaySizes(capacity, 4), new LabelReward());
        using var batch = new ReplayBatch(layout, 64);
        var random = new SeededRandom(3);
        ulong[] sequences = new ulong[robots];
        for (int i = 0; i < records; i++)
        {
            int robot = Math.Min(random.NextInt(4), robots - 1); // the last one is twice as fast
            ulong sequence = ++sequences[robot];
            AddRecord(store, history, (ulong)robot, sequence, (uint)((sequence - 1) % length), hasFinal: sequence % length == 0);
            if (store.OnlineCount > 0 && i % 10 == 0)
                CheckMixed(store, batch, random, history, length);
        }
        int open = sequences.Count(s => s % length != 0);
        if (capacity > records)
            Assert.Equal((records - open, 0L), (store.OnlineCount, store.BrokenOff));
        else
            Assert.InRange(store.OnlineCount, capacity / 2, capacity);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(12)] // the ring's seam lies inside the episode
    public void Add_EpisodeToBeRecordedAgain_NoneOfItsStepsIsEverDrawn(int capacity)
    {
        var layout = new ReplayLayout(1, 0, 1, 0);
        using var store = new ReplayMemory(layout, new ReplaySizes(capacity, 4), new LabelReward());
        int id = 0;
        for (int episode = 0; episode < 4; episode++)
        {
            bool again = episode == 2;
            for (int t = 0; t < 4; t++, id++)
                store.Add(new EnvironmentStep { Frame = [id], Action = [0], EpisodeStep = t, Truncated = t == 3, Discarded = again && t == 3, FinalFrame = [99] });
        }
        using var batch = new ReplayBatch(layout, 500);
        store.Sample(batch, new SeededRandom(1));
        HashSet<int> drawn = [.. Enumerable.Range(0, batch.Size).Select(row => (int)batch.Observation.Span(row)[0])];
        Assert.DoesNotContain(drawn, d => d is >= 8 and < 12);
        Assert.Superset(new HashSet<int>([12, 13, 14, 15]), drawn);
    }

    // The reward of a step may depend on how it ended, and on a person taking over with the step after it.
    [Fact]
    public void Sample_SuccessAndOnset_RewardModelIsToldOfTheRightSteps()
    {
        using var store = new ReplayMemory(new ReplayLayout(1, 0, 1, 0), new ReplaySizes(100, 4), new LabelReward());
        store.Add(new EnvironmentStep { Frame = [0], Action = [0], EpisodeStep = 0 });
        store.Add(new EnvironmentStep { Frame = [1], Action = [0], EpisodeStep = 1 });
        store.Add(new EnvironmentStep { Frame = [2], Action = [0], EpisodeStep = 2, InterventionOnset = true });
        store.Add(new EnvironmentStep { Frame = [3], Action = [0], EpisodeStep = 3, Terminated = true, Succeeded = true, FinalFrame = [9] });
        store.Add(new EnvironmentStep { Frame = [4], Action = [0], EpisodeStep = 0, InterventionOnset = true, Terminated = true, FinalFrame = [9] });
        using var batch = new ReplayBatch(new ReplayLayout(1, 0, 1, 0), 200);
        store.Sample(batch, new SeededRandom(1));
        StepLabels[] expected =
            [StepLabels.None, StepLabels.CausedIntervention, StepLabels.None, StepLabels.Terminated | StepLabels.Succeeded, StepLabels.Terminated];
        var seen = new HashSet<int>();
        for (int row = 0; row < batch.Size; row++)
        {
            int id = (int)batch.Observation.Span(row)[0];
            seen.Add(id);
            Assert.Equal((float)expected[id], batch.Reward[row]);
        }
        Assert.Equal(5, seen.Count);
    }

    [Fact]
    public void Relabel_WeightsChanged_ChangesStoredRewards()
    {
        var reward = new SumReward();
        using var store = new ReplayMemory(s_layout, new ReplaySizes(100, 4), reward);
        AddTo(store, new Full(3, [0, 0, 0], 0.5f, false, 4), 0, false, true);
        reward.Factor = 2;
        store.Relabel();
        using var batch = new ReplayBatch(s_layout, 32);
        store.Sample(batch, new SeededRandom(1));
        Assert.Equal(2 * (30 + 0.5f), batch.Reward[0]);
        Assert.Equal(1, batch.Continues[0]);
    }

    [Fact]
    public void Sample_Images_AreTheBytesOfTheStepAndOfItsSuccessor()
    {
        var layout = new ReplayLayout(1, 0, 1, 0, ImageLength: 100);
        using var store = new ReplayMemory(layout, new ReplaySizes(100, 4), new LabelReward());
        for (int i = 0; i < 30; i++)
        {
            bool last = i % 10 == 9;
            store.Add(new EnvironmentStep
            {
                Frame = [i],
                Image = Image(i),
                Action = [0],
                EpisodeStep = i % 10,
                Truncated = last,
                FinalFrame = [0],
                FinalImage = Image(i + 100),
            });
        }
        using var batch = new ReplayBatch(layout, 64);
        store.Sample(batch, new SeededRandom(1));
        for (int row = 0; row < batch.Size; row++)
        {
            int id = (int)batch.Observation.Span(row)[0];
            Assert.Equal(Image(id), batch.Images(row).ToArray());
            Assert.Equal(Image(id % 10 == 9 ? id + 100 : id + 1), batch.NextImages(row).ToArray());
        }

        static byte[] Image(int id) => [.. Enumerable.Range(0, 100).Select(i => (byte)((7 * id) + i))];
    }

    [Fact]
    public void Sample_PartsAskedFor_OnlyTheyAreWrittenAndNothingIsAllocated()
    {
        using var store = new ReplayMemory(s_layout, new ReplaySizes(100, 4), new SumReward());
        for (int i = 0; i < 20; i++)
            AddTo(store, new Full(i, [0, 0, 0], 0.5f, false, i + 1), i, false, i == 19);
        using var batch = new ReplayBatch(s_layout, 32);
        var random = new SeededRandom(1);
        store.Sample(batch, random, ReplayParts.CriticInput);
        Assert.All(Enumerable.Range(0, 32), row => Assert.Equal(0, batch.Observation.Span(row)[1] + batch.NextObservation.Span(row)[1] + batch.NextCriticInput.Span(row)[1]));
        Assert.All(Enumerable.Range(0, 32), row => Assert.Equal(1, batch.CriticInput.Span(row)[1]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            store.Sample(batch, random);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void CheckBatch(ReplayMemory store, ReplayBatch batch, SeededRandom random, Dictionary<float, Full> expected, HashSet<float> drawn)
    {
        store.Sample(batch, random);
        for (int row = 0; row < batch.Size; row++)
        {
            Full full = expected[batch.Observation.Span(row)[0]];
            drawn.Add(full.Id);
            float[] state = [10 * full.Id, 1];
            Assert.Equal([full.Id, 2, .. full.History], batch.Observation.Span(row).ToArray());
            Assert.Equal([full.Next, 2, .. full.History[1..], full.Action], batch.NextObservation.Span(row).ToArray());
            Assert.Equal([.. state, full.Action], batch.CriticInput.Span(row).ToArray());
            Assert.Equal(10 * full.Next, batch.NextCriticInput.Span(row)[0]);
            Assert.Equal(full.Terminated ? 0 : 1, batch.Continues[row]);
            Assert.Equal(full.Terminated ? -1 : (10 * full.Id) + full.Action, batch.Reward[row]);
        }
    }

    private static void CheckMixed(ReplayMemory store, ReplayBatch batch, SeededRandom random, int history, int length)
    {
        store.Sample(batch, random);
        for (int row = 0; row < batch.Size; row++)
        {
            ReadOnlySpan<float> seen = batch.Observation.Span(row), next = batch.NextObservation.Span(row);
            int id = (int)seen[0], step = ((id % 10_000) - 1) % length;
            Assert.Equal(step == length - 1 ? -id : id + 1, next[0]);
            for (int i = 0; i < history; i++) // oldest first; zeros from before the episode
                Assert.Equal((step < history - i ? 0 : id - history + i, step + 1 < history - i ? 0 : id + 1 - history + i), (seen[1 + i], next[1 + i]));
        }
    }

    // Frame and action of robot r's record s are 10,000 r + s, the final frame the same, negative.
    private static void AddRecord(ReplayMemory store, int history, ulong robot, ulong sequence, uint step, bool hasFinal = false)
    {
        var record = new TransitionRecord(new TransitionSchema("gap", 1, 1, 0, 1, history)) { Identity = new TransitionIdentity(robot, 1, sequence), Step = step };
        record.Frame[0] = record.Executed[0] = (10_000 * robot) + sequence;
        record.Episode = sequence - step;
        if (hasFinal)
        {
            record.Flags = TransitionFlags.Truncated | TransitionFlags.HasFinal;
            record.FinalFrame[0] = -record.Frame[0];
        }
        store.Add(record);
    }

    private static void AddTo(ReplayMemory store, Full full, int episodeStep, bool terminated, bool truncated) =>
        store.Add(
            new EnvironmentStep
            {
                Frame = [full.Id, 2],
                Privileged = [10 * full.Id, 1],
                Action = [full.Action],
                EpisodeStep = episodeStep,
                Terminated = terminated,
                Truncated = truncated,
                FinalFrame = [full.Next, 2],
                FinalPrivileged = [10 * full.Next, 1],
            }
        );

    private sealed class Full(float id, float[] history, float action, bool terminated, float next)
    {
        public float Id => id;
        public float[] History => history;
        public float Action => action;
        public bool Terminated => terminated;
        public float Next => next;
    }

    private sealed class LabelReward : IRewardModel
    {
        public bool Advance(long ingestedSteps) => false;

        public float Reward(ReadOnlySpan<float> criticState, ReadOnlySpan<float> action, StepLabels labels) => (float)labels;
    }

    private sealed class SumReward : IRewardModel
    {
        public float Factor { get; set; } = 1;

        public bool Advance(long ingestedSteps) => false;

        public float Reward(ReadOnlySpan<float> criticState, ReadOnlySpan<float> action, StepLabels labels) =>
            (labels & StepLabels.Terminated) != 0 ? -1 : Factor * (criticState[0] + action[0]);
    }
}
