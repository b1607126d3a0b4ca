using Robotics.Experience;
using Robotics.Learner.Replay;

namespace Robotics.Learner.Tests.Replay;

public sealed class HumanPartitionsTests
{
    private static readonly TransitionSchema s_schema = new("test", 1, 1, 0, 1, 0);
    private static readonly ReplayLayout s_layout = new(1, 0, 1, 0);

    // Two human runs inside an episode, one to its end: each last step goes on with what really followed it.
    [Fact]
    public void Add_TakeOverAndHandBack_KeepsHumanStepsWithTheirOwnSuccessors()
    {
        using var memory = new ReplayMemory(s_layout, new ReplaySizes(100, 100), new LabelReward(), HumanShare.Everything);
        foreach (TransitionRecord record in Episode("phhpph", succeeded: true))
            memory.Add(record);
        Dictionary<int, (int Next, float Reward, float Continues)> steps = Drawn(memory);
        Assert.Equal((6, 0, 3), (memory.OnlineCount, memory.CountOf(ReplaySource.Demonstration), memory.CountOf(ReplaySource.Intervention)));
        Assert.Equal((2, 0f, 1f), steps[1]);
        Assert.Equal((3, 0f, 1f), steps[2]); // handed back: the policy's observation follows, and its value counts
        Assert.Equal((99, (float)(StepLabels.Terminated | StepLabels.Succeeded), 0f), steps[5]);
    }

    [Fact]
    public void Add_WholeEpisodesOnly_LeavesInterventionsOut()
    {
        using var memory = new ReplayMemory(s_layout, new ReplaySizes(100, 100), new LabelReward(), HumanShare.Demonstrations);
        foreach (TransitionRecord record in Episode("phhh", succeeded: true).Concat(Episode("hhp", succeeded: false, episode: 1, sequence: 4)).Concat(Episode("hh", succeeded: true, episode: 2, sequence: 7)))
            memory.Add(record);
        Assert.Equal((2, 0), (memory.CountOf(ReplaySource.Demonstration), memory.CountOf(ReplaySource.Intervention)));
    }

    // 20 demonstrated steps and 30 of interventions: drawn in that proportion, each from its own partition.
    [Fact]
    public void SampleHuman_BothPartitions_DrawsUniformlyOverAllSteps()
    {
        using var memory = new ReplayMemory(s_layout, new ReplaySizes(300, 100), new LabelReward(), HumanShare.Everything);
        for (ulong e = 0; e < 10; e++)
        {
            foreach (TransitionRecord record in Episode(e % 2 == 0 ? "hhhh" : "phhhhhh", succeeded: true, episode: e, sequence: 20 * e))
                memory.Add(record);
        }
        Assert.Equal((20, 30, 50), (memory.CountOf(ReplaySource.Demonstration), memory.CountOf(ReplaySource.Intervention), memory.HumanCount));
        using var batch = new ReplayBatch(s_layout, 8000);
        memory.SampleHuman(batch, new SeededRandom(1), 0, batch.Size);
        int[] drawn = new int[100]; // by 10 episode + step
        for (int row = 0; row < batch.Size; row++)
            drawn[(int)batch.Observation.Span(row)[0]]++;
        Assert.Equal(50, drawn.Count(n => n > 0));
        int shown = drawn.Where((_, id) => id / 10 % 2 == 0).Sum();
        Assert.InRange(shown, 2980, 3420); // 3200, 5 standard deviations of 44
    }

    // A curriculum reaches every partition: what people showed long ago is judged by the newest weights.
    [Fact]
    public void Relabel_WeightsChanged_ReachesEveryPartition()
    {
        var reward = new LabelReward();
        using var memory = new ReplayMemory(s_layout, new ReplaySizes(100, 100), reward, HumanShare.Everything);
        foreach (TransitionRecord record in Episode("hhh", succeeded: true).Concat(Episode("phh", succeeded: true, episode: 1, sequence: 3)))
            memory.Add(record);
        reward.Offset = 100;
        memory.Relabel();
        Assert.All(Drawn(memory).Values, step => Assert.True(step.Reward >= 100));
        using var batch = new ReplayBatch(s_layout, 64);
        memory.Sample(batch, new SeededRandom(1));
        Assert.All(batch.Reward, r => Assert.True(r >= 100));
    }

    // A dropped record: what followed is not known, so nothing may be bootstrapped across the gap.
    [Fact]
    public void Add_RecordMissing_ForgetsTheRunThatItCut()
    {
        using var memory = new ReplayMemory(s_layout, new ReplaySizes(100, 100), new LabelReward(), HumanShare.Everything);
        TransitionRecord[] records = [.. Episode("hhhh", succeeded: true)];
        memory.Add(records[0]);
        memory.Add(records[1]);
        memory.Add(records[3]);
        Assert.Equal([3], Drawn(memory).Keys);
    }

    // The second episode is to be recorded again: neither of its two runs is learnt from, the others stay.
    [Fact]
    public void Add_EpisodeToBeRecordedAgain_IsForgottenWhole()
    {
        using var memory = new ReplayMemory(s_layout, new ReplaySizes(100, 100), new LabelReward(), HumanShare.Everything);
        TransitionRecord[] again = [.. Episode("phpphh", succeeded: false, episode: 1, sequence: 2)];
        again[^1].Flags |= TransitionFlags.EndedByPerson | TransitionFlags.Discarded;
        foreach (TransitionRecord record in Episode("ph", succeeded: true).Concat(again))
            memory.Add(record);
        Assert.Equal([1], Drawn(memory).Keys);
        foreach (TransitionRecord record in Episode("hp", succeeded: true, episode: 2, sequence: 8))
            memory.Add(record);
        Assert.Equal([1, 20], Drawn(memory).Keys.Order());
    }

    // Broken off without a final observation, and the next one begins under a person's hand: no step leads from one into the other.
    [Fact]
    public void Add_EpisodeBrokenOffUnderAPerson_LeadsNowhere()
    {
        using var memory = new ReplayMemory(s_layout, new ReplaySizes(100, 100), new LabelReward(), HumanShare.Everything);
        TransitionRecord[] broken = [.. Episode("phh", succeeded: false).Take(2)];
        foreach (TransitionRecord record in broken.Concat(Episode("hp", succeeded: true, episode: 0, sequence: 2)))
            memory.Add(record);
        Assert.Equal([0], Drawn(memory).Keys);
    }

    [Fact]
    public void RlifReward_OnlyTheStepThatCausedTheIntervention_IsPunished()
    {
        var reward = new RlifReward();
        Assert.Equal(-1, reward.Reward([0], [0], StepLabels.CausedIntervention));
        Assert.Equal(0, reward.Reward([0], [0], StepLabels.Terminated | StepLabels.Succeeded));
        Assert.Equal(0, reward.Reward([0], [0], StepLabels.None));
    }

    private static IEnumerable<TransitionRecord> Episode(string sources, bool succeeded, ulong episode = 0, ulong sequence = 0)
    {
        for (int i = 0; i < sources.Length; i++)
        {
            bool last = i == sources.Length - 1;
            var record = new TransitionRecord(s_schema)
            {
                Identity = new TransitionIdentity(1, 1, sequence + (ulong)i + 1),
                Episode = episode,
                Step = (uint)i,
                Source = sources[i] == 'h' ? ActionSource.Human : ActionSource.Policy,
                Flags = !last ? TransitionFlags.None
                    : TransitionFlags.HasFinal | (succeeded ? TransitionFlags.Terminated | TransitionFlags.Succeeded : TransitionFlags.Truncated),
            };
            record.Frame[0] = (10 * episode) + (uint)i;
            record.FinalFrame[0] = 99;
            yield return record;
        }
    }

    private static Dictionary<int, (int Next, float Reward, float Continues)> Drawn(ReplayMemory memory)
    {
        using var batch = new ReplayBatch(s_layout, 200);
        memory.SampleHuman(batch, new SeededRandom(1), 0, batch.Size);
        var steps = new Dictionary<int, (int, float, float)>();
        for (int row = 0; row < batch.Size; row++)
            steps[(int)batch.Observation.Span(row)[0]] = ((int)batch.NextObservation.Span(row)[0], batch.Reward[row], batch.Continues[row]);
        return steps;
    }

    private sealed class LabelReward : IRewardModel
    {
        public float Offset { get; set; }

        public bool Advance(long ingestedSteps) => false;

        public float Reward(ReadOnlySpan<float> criticState, ReadOnlySpan<float> action, StepLabels labels) => (float)labels + Offset;
    }
}
