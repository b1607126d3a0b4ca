using Robotics.Experience;
using Robotics.Learner.Replay;

namespace Robotics.Learner.Tests.Replay;

public sealed class HumanMemoryTests
{
    private static readonly TransitionSchema s_schema = new("test", 1, 1, 0, 1, 0);
    private static readonly ReplayLayout s_layout = new(1, 0, 1, 0);

    // Two human runs inside an episode, one to its end: each last step goes on with what really followed it.
    [Fact]
    public void Add_TakeOverAndHandBack_KeepsHumanStepsWithTheirOwnSuccessors()
    {
        using var memory = new HumanMemory(s_layout, 100, new LabelReward(), wholeEpisodes: false);
        foreach (TransitionRecord record in Episode("phhpph", succeeded: true))
            memory.Add(record);
        Dictionary<int, (int Next, float Reward, float Continues)> steps = Drawn(memory);
        Assert.Equal(3, memory.Store.Count);
        Assert.Equal((2, 0f, 1f), steps[1]);
        Assert.Equal((3, 0f, 1f), steps[2]); // handed back: the policy's observation follows, and its value counts
        Assert.Equal((99, (float)(StepLabels.Terminated | StepLabels.Succeeded), 0f), steps[5]);
    }

    [Fact]
    public void Add_WholeEpisodesOnly_LeavesInterventionsOut()
    {
        using var memory = new HumanMemory(s_layout, 100, new LabelReward(), wholeEpisodes: true);
        foreach (TransitionRecord record in Episode("phhh", succeeded: true).Concat(Episode("hhp", succeeded: false, episode: 1, sequence: 4)).Concat(Episode("hh", succeeded: true, episode: 2, sequence: 7)))
            memory.Add(record);
        Assert.Equal(2, memory.Store.Count);
    }

    // A dropped record: what followed is not known, so nothing may be bootstrapped across the gap.
    [Fact]
    public void Add_RecordMissing_ForgetsTheRunThatItCut()
    {
        using var memory = new HumanMemory(s_layout, 100, new LabelReward(), wholeEpisodes: false);
        TransitionRecord[] records = [.. Episode("hhhh", succeeded: true)];
        memory.Add(records[0]);
        memory.Add(records[1]);
        memory.Add(records[3]);
        Assert.Equal([3], Drawn(memory).Keys);
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

    private static Dictionary<int, (int Next, float Reward, float Continues)> Drawn(HumanMemory memory)
    {
        using var batch = new ReplayBatch(s_layout, 200);
        memory.Store.Sample(batch, new SeededRandom(1));
        var steps = new Dictionary<int, (int, float, float)>();
        for (int row = 0; row < batch.Size; row++)
            steps[(int)batch.Observation.Span(row)[0]] = ((int)batch.NextObservation.Span(row)[0], batch.Reward[row], batch.Continues[row]);
        return steps;
    }

    private sealed class LabelReward : IRewardModel
    {
        public bool Advance(long ingestedSteps) => false;

        public float Reward(ReadOnlySpan<float> criticState, ReadOnlySpan<float> action, StepLabels labels) => (float)labels;
    }
}
