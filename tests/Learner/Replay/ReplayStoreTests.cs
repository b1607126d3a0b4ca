using Robotics.Core;
using Robotics.Learner.Replay;

namespace Robotics.Learner.Tests.Replay;

/// <summary>The compact memory against full transitions kept beside it.</summary>
public sealed class ReplayStoreTests
{
    private static readonly ReplayLayout s_layout = new(2, 3, 1, 2);

    [Theory]
    [InlineData(1000)] // never wraps
    [InlineData(60)] // wraps many times, in the middle of episodes
    public void Sample_ManySteps_RebuildsHistoryNextObservationAndReward(int capacity)
    {
        using var store = new ReplayStore(s_layout, capacity, new SumReward());
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
                if (store.Count > 0)
                    CheckBatch(store, batch, random, expected, drawn);
            }
        }
        Assert.True(drawn.Count > expected.Count / 2);
    }

    [Fact]
    public void Sample_NewestStepWithoutSuccessor_IsNotDrawn()
    {
        using var store = new ReplayStore(s_layout, 100, new SumReward());
        AddTo(store, new Full(0, [0, 0, 0], 0.1f, false, 1), 0, false, false);
        Assert.Equal(0, store.Count);
        AddTo(store, new Full(1, [0, 0, 0.1f], 0.2f, false, 2), 1, false, false);
        Assert.Equal(1, store.Count);
    }

    [Fact]
    public void Add_EpisodeBrokenOff_ItsOpenStepIsNeverDrawn()
    {
        using var store = new ReplayStore(s_layout, 100, new SumReward());
        AddTo(store, new Full(0, [0, 0, 0], 0.1f, false, 1), 0, false, false);
        AddTo(store, new Full(5, [0, 0, 0], 0.2f, false, 6), 0, false, false);
        AddTo(store, new Full(6, [0, 0, 0.2f], 0.3f, false, 7), 1, false, false);
        Assert.Equal(1, store.Count);
        using var batch = new ReplayBatch(s_layout, 32);
        store.Sample(batch, new SeededRandom(1));
        Assert.Equal(5, batch.Observation.Span(0)[0]);
    }

    // The reward of a step may depend on how it ended, and on a person taking over with the step after it.
    [Fact]
    public void Sample_SuccessAndOnset_RewardModelIsToldOfTheRightSteps()
    {
        using var store = new ReplayStore(new ReplayLayout(1, 0, 1, 0), 100, new LabelReward());
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
        using var store = new ReplayStore(s_layout, 100, reward);
        AddTo(store, new Full(3, [0, 0, 0], 0.5f, false, 4), 0, false, true);
        reward.Factor = 2;
        store.Relabel();
        using var batch = new ReplayBatch(s_layout, 32);
        store.Sample(batch, new SeededRandom(1));
        Assert.Equal(2 * (30 + 0.5f), batch.Reward[0]);
        Assert.Equal(1, batch.Continues[0]);
    }

    private static void CheckBatch(ReplayStore store, ReplayBatch batch, SeededRandom random, Dictionary<float, Full> expected, HashSet<float> drawn)
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

    private static void AddTo(ReplayStore store, Full full, int episodeStep, bool terminated, bool truncated) =>
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
