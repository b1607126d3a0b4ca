using Robotics.Core;

namespace Robotics.Experience.Tests;

public sealed class ExperienceViewsTests
{
    private static readonly TransitionSchema Schema = new("views", 1, 1, 0, 1, 0);

    // Every observation of the world carries its own number, so that a wrong pairing cannot hide. The buffer of a widely used peer pairs 19.4 % of such samples wrongly.
    [Fact]
    public void NextOf_RandomInterventionsLimitsAndDrops_IsNeverWrongAndNeverGivenUpWithoutNeed()
    {
        var world = new RandomWorld(seed: 1);
        long steps = 0, wrong = 0, given = 0, possible = 0;
        for (int trajectory = 0; trajectory < 100_000; trajectory++)
        {
            world.NextEpisode();
            for (int i = 0; i < world.Headers.Count; i++)
            {
                ReadOnlySpan<TransitionHeader> headers = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(world.Headers);
                NextObservation next = ExperienceViews.NextOf(headers, i);
                bool isThere = world.IsFinal[i] || (i + 1 < world.Headers.Count && world.Frames[i + 1] == world.TrueNext[i]);
                steps++;
                possible += isThere ? 1 : 0;
                given += next != NextObservation.Missing ? 1 : 0;
                float value = next switch
                {
                    NextObservation.OwnFinal => world.Finals[i],
                    NextObservation.FollowingFrame => world.Frames[i + 1],
                    _ => world.TrueNext[i],
                };
                wrong += value != world.TrueNext[i] ? 1 : 0;
            }
        }
        Assert.Equal(0, wrong);
        Assert.Equal(possible, given);
        Assert.True(steps > 1_000_000 && possible < steps);
    }

    [Fact]
    public void Rlif_RandomInterventions_PunishesExactlyTheStepBeforeEachOnset()
    {
        var world = new RandomWorld(seed: 2);
        for (int trajectory = 0; trajectory < 2000; trajectory++)
        {
            world.NextEpisode();
            var samples = new List<ViewStep>();
            ExperienceViews.Rlif(world.Headers.ToArray(), samples);
            foreach (ViewStep s in samples)
            {
                bool before = s.Next == NextObservation.FollowingFrame && world.Headers[s.Index].Source != ActionSource.Human
                    && world.Headers[s.Index + 1].Source == ActionSource.Human;
                Assert.Equal(before ? -1f : 0f, s.Reward);
            }
        }
    }

    [Fact]
    public void Views_EpisodesToBeRecordedAgain_AreInNone()
    {
        var world = new RandomWorld(seed: 6);
        var random = new SeededRandom(6, "discard");
        for (int trial = 0; trial < 300; trial++)
        {
            var all = new List<TransitionHeader>();
            var kept = new HashSet<int>();
            for (int episode = 0; episode < 4; episode++)
            {
                world.NextEpisode();
                bool discard = random.NextInt(2) == 0;
                for (int i = 0; i < world.Headers.Count; i++)
                {
                    bool last = i == world.Headers.Count - 1;
                    TransitionHeader header = world.Headers[i] with { Episode = (ulong)episode };
                    all.Add(discard && last ? header with { Flags = header.Flags | TransitionFlags.Discarded } : header);
                    if (!discard)
                        kept.Add(all.Count - 1);
                }
            }
            TransitionHeader[] steps = [.. all];
            List<ViewStep> online = [], prior = [], hil = [], interventions = [], rlif = [], imitated = [];
            ExperienceViews.Rlpd(steps, online, prior);
            ExperienceViews.HilSerl(steps, hil, interventions);
            ExperienceViews.Rlif(steps, rlif);
            ExperienceViews.HgDagger(steps, imitated);
            Assert.All([.. online, .. prior, .. hil, .. interventions, .. rlif, .. imitated], s => Assert.Contains(s.Index, kept));
            Assert.Equal(online.Count + prior.Count, rlif.Count);
            Assert.Equal(kept.Count(i => ExperienceViews.NextOf(steps, i) != NextObservation.Missing), rlif.Count);
        }
    }

    [Fact]
    public void HilSerlAndHgDagger_RandomInterventions_TakeExactlyThePersonsSteps()
    {
        var world = new RandomWorld(seed: 3);
        for (int trajectory = 0; trajectory < 2000; trajectory++)
        {
            world.NextEpisode();
            TransitionHeader[] headers = [.. world.Headers];
            List<ViewStep> online = [], interventions = [], imitated = [];
            ExperienceViews.HilSerl(headers, online, interventions);
            ExperienceViews.HgDagger(headers, imitated);
            Assert.Equal(Enumerable.Range(0, headers.Length).Where(i => headers[i].Source == ActionSource.Human), imitated.Select(s => s.Index));
            Assert.Equal(online.Where(s => headers[s.Index].Source == ActionSource.Human), interventions);
            Assert.All(online, s => Assert.Equal((headers[s.Index].Flags & TransitionFlags.Terminated) == 0, s.Bootstraps));
            Assert.All(imitated, s => Assert.Equal(ViewAction.Human, s.Action));
        }
    }

    [Fact]
    public void Rlpd_ADemonstrationAndAnEpisodeWithAnIntervention_AreTakenApart()
    {
        TransitionHeader[] steps =
        [
            Step(1, 0, 0, ActionSource.Human), Step(2, 0, 1, ActionSource.Human, TransitionFlags.Truncated | TransitionFlags.HasFinal),
            Step(3, 1, 0, ActionSource.Policy), Step(4, 1, 1, ActionSource.Human, TransitionFlags.Terminated | TransitionFlags.HasFinal),
        ];
        List<ViewStep> online = [], prior = [];
        ExperienceViews.Rlpd(steps, online, prior);
        Assert.Equal([0, 1], prior.Select(s => s.Index));
        Assert.Equal([2, 3], online.Select(s => s.Index));
        Assert.Equal([true, true, true, false], prior.Concat(online).Select(s => s.Bootstraps)); // a time limit is not an end
    }

    private static TransitionHeader Step(ulong sequence, ulong episode, uint step, ActionSource source, TransitionFlags flags = 0) =>
        new(140, flags, 1, 1, sequence, episode, step, 0, source, SafetyAction.Nominal);

    /// <summary>Episodes with random interventions, time limits, ends and dropped records, recorded and read back through the codec.</summary>
    private sealed class RandomWorld(ulong seed)
    {
        private readonly SeededRandom _random = new(seed, "world");
        private readonly TransitionRecord _record = new(Schema);
        private readonly TransitionRecord _read = new(Schema);
        private readonly byte[] _bytes = new byte[Schema.FinalRecordLength];
        private ulong _sequence, _episode;
        private int _observation;

        public List<TransitionHeader> Headers { get; } = [];

        public List<float> Frames { get; } = [];

        public List<float> Finals { get; } = [];

        public List<float> TrueNext { get; } = [];

        public List<bool> IsFinal { get; } = [];

        // Two episodes at a time, so that the border between them is inside what a view sees.
        public void NextEpisode()
        {
            Headers.Clear();
            Frames.Clear();
            Finals.Clear();
            TrueNext.Clear();
            IsFinal.Clear();
            RunEpisode();
            RunEpisode();
        }

        private void RunEpisode()
        {
            int length = 1 + _random.NextInt(20);
            bool human = false;
            _observation = (_observation + 1) % 8_000_000; // float holds these exactly
            for (int step = 0; step < length; step++)
            {
                bool was = human && step > 0;
                human = _random.NextInt(4) == 0 ? !human : human;
                bool last = step == length - 1;
                Fill(step, last, human, was);
                int length2 = TransitionCodec.Encode(_record, _bytes);
                _observation++;
                _sequence++;
                if (_random.NextInt(20) == 0)
                    continue; // dropped on the edge: its number is used up
                Assert.Equal(DecodeStatus.Ok, TransitionCodec.TryDecode(_bytes.AsSpan(0, length2), _read, out _));
                TransitionCodec.TryPeek(_bytes.AsSpan(0, length2), Schema, out TransitionHeader header);
                Headers.Add(header);
                Frames.Add(_read.Frame[0]);
                Finals.Add(last ? _read.FinalFrame[0] : float.NaN);
                TrueNext.Add(_observation);
                IsFinal.Add(last);
            }
            _episode++;
        }

        private void Fill(int step, bool last, bool human, bool was)
        {
            _record.Clear();
            _record.Identity = new TransitionIdentity(1, 1, _sequence + 1);
            _record.Episode = _episode;
            _record.Step = (uint)step;
            _record.Source = human ? ActionSource.Human : ActionSource.Policy;
            _record.Flags = human ? TransitionFlags.HasHuman : TransitionFlags.HasProposed;
            _record.Flags |= human && !was ? TransitionFlags.InterventionOnset : !human && was ? TransitionFlags.HandBack : 0;
            _record.Frame[0] = _observation;
            if (!last)
                return;
            _record.Flags |= TransitionFlags.HasFinal | (_random.NextInt(2) == 0 ? TransitionFlags.Terminated : TransitionFlags.Truncated);
            _record.FinalFrame[0] = _observation + 1;
        }
    }
}
