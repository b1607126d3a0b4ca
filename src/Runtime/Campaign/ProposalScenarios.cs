using Robotics.Core;
using Robotics.Runtime.Control;

namespace Robotics.Runtime.Campaign;

/// <summary>R5 to R8, R24, R25, R30, R31: what a source may propose, when, and whose proposal counts.</summary>
internal static class ProposalScenarios
{
    private static readonly float[] s_bad = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e38f, -1e38f, -0.0f];
    private static readonly int[] s_lengths = [0, 1, 3, 5, 1000, -1];

    public static IEnumerable<Scenario> All =>
        [
            new("R5", "a non-finite action never reaches a limiter or driver", 0, true, NotFinite),
            new("R6", "an action of the wrong length gives the baseline", 0, false, WrongLength),
            new("R7", "the static envelope clamps; a source that is mostly clamped is judged unfit", 0, false, Envelope),
            new("R8", "rate and change of rate hold on the emitted command, from the first one after arming", 0, true, Rates),
            new("R24", "a proposal after its deadline is never applied", 0, false, Late),
            new("R25", "a proposing process that dies is replaced", 2, false, SourceDies),
            new("R30", "a person takes over within one period, without a jump; a stale override is ignored", 1, false, HumanTakesOver),
            new("R31", "of two sources the higher one counts, never an average", 0, false, TwoSources),
        ];

    private static CaseOutcome NotFinite(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        rig.Run(draw.Pick(5));
        float bad = s_bad[draw.Pick(s_bad.Length)];
        rig.ProposeHover();
        rig.Proposal.Values[draw.Pick(4)] = bad;
        SafetyAction action = rig.Tick();
        bool expected = bad == 0 ? action <= SafetyAction.Clamp : action == SafetyAction.Baseline && rig.Supervisor.Causes == SafetyCauses.NonFiniteProposal;
        return CaseOutcome.When(expected, $"{bad}: {action}, {rig.Supervisor.Causes}");
    }

    private static CaseOutcome WrongLength(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        rig.Run(draw.Pick(50));
        rig.ProposeHover();
        rig.Proposal.Length = s_lengths[draw.Pick(s_lengths.Length)];
        SafetyAction action = rig.Tick();
        return CaseOutcome.When(action == SafetyAction.Baseline && rig.Supervisor.Causes == SafetyCauses.MissingProposal, $"length {rig.Proposal.Length}: {action}");
    }

    private static CaseOutcome Envelope(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        float factor = draw.Pick(2) == 0 ? 10 : -1;
        int clampedTicks = 0;
        for (int k = 0; k < 60; k++)
        {
            float u = factor * CampaignRobots.Hover;
            rig.Propose(u, u, u, u);
            SafetyAction action = rig.Tick();
            if (action == SafetyAction.Baseline)
                return CaseOutcome.When(clampedTicks == 50 && (rig.Supervisor.Causes & SafetyCauses.ClampShare) != 0, $"tripped after {clampedTicks} clamped ticks: {rig.Supervisor.Causes}");
            if (action != SafetyAction.Clamp || rig.Supervisor.ClampedMask != 0xF)
                return CaseOutcome.Fail($"tick {k}: {action}, mask {rig.Supervisor.ClampedMask:x}");
            clampedTicks++;
        }
        return CaseOutcome.Fail("a source that is clamped in every tick was never judged unfit");
    }

    private static CaseOutcome Rates(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        long before = rig.Invariants.Violations;
        int kind = draw.Pick(4);
        double frequency = draw.Uniform(0.5, 250);
        for (int k = 0; k < 60; k++)
        {
            double t = k * rig.PeriodNs * 1e-9;
            float u = kind switch
            {
                0 => k < 20 ? 0 : 1, // step
                1 => (float)(0.5 + (0.5 * Math.Sin(2 * Math.PI * frequency * t * (1 + t)))), // chirp
                2 => k % 2, // maximal chatter
                _ => (float)draw.Uniform(0, 1),
            };
            rig.Propose(u, 1 - u, u, 1 - u);
            if (kind == 3 && draw.Pick(10) == 0)
                rig.Proposal.Values[0] = float.NaN; // hand-over to the baseline in between
            rig.Tick();
        }
        return CaseOutcome.When(rig.Invariants.Violations == before, rig.Invariants.First ?? "");
    }

    // A policy period of 5 control periods; the source answers k periods late and its answer holds for two.
    private static CaseOutcome Late(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        rig.Run(draw.Pick(50));
        long deadline = rig.Now + (2 * 5 * rig.PeriodNs);
        for (int k = 0; k < 30; k++)
        {
            rig.ProposeHover();
            rig.Proposal.Values[0] += 0.001f * k;
            rig.Proposal.DeadlineNs = deadline;
            bool late = rig.Now > deadline;
            SafetyAction action = rig.Tick();
            if (late)
                return CaseOutcome.When(action == SafetyAction.Baseline && rig.Supervisor.Causes == SafetyCauses.LateProposal, $"late and {action}");
            if (action >= SafetyAction.Baseline)
                return CaseOutcome.Fail($"refused {deadline - rig.Now} ns before its deadline: {rig.Supervisor.Causes}");
        }
        return CaseOutcome.Fail("the deadline was never reached");
    }

    private static CaseOutcome SourceDies(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        bool hasBuiltIn = draw.Pick(2) == 0;
        var outside = new ScriptedSource(ActionSource.Policy);
        var arbiter = new Arbiter([outside], 4);
        int dies = draw.Pick(50);
        for (int k = 0; k <= dies + 2; k++)
        {
            outside.Offer(rig, k < dies, CampaignRobots.Hover + 0.001f);
            rig.ProposeHover();
            if (!hasBuiltIn)
                rig.Proposal.Clear();
            Proposal chosen = arbiter.Choose(rig.Proposal, rig.Sample, rig.Now);
            Span<float> values = rig.Proposal.Values;
            chosen.Values.CopyTo(values);
            (rig.Proposal.Length, rig.Proposal.Source) = (chosen.Length, chosen.Source);
            SafetyAction action = rig.Tick();
            bool expected = k < dies || hasBuiltIn ? action < SafetyAction.Baseline : action == SafetyAction.Baseline;
            bool replaced = k < dies || !hasBuiltIn || rig.Proposal.Values[0] == CampaignRobots.Hover;
            if (!expected || !replaced)
                return CaseOutcome.Fail($"tick {k - dies} after its death: {action}");
        }
        return CaseOutcome.Pass();
    }

    private static CaseOutcome HumanTakesOver(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        long violations = rig.Invariants.Violations;
        var human = new ScriptedSource(ActionSource.Human);
        var arbiter = new Arbiter([human], 4);
        int grabs = draw.Pick(40);
        int lets = grabs + 1 + draw.Pick(20);
        bool stale = draw.Pick(3) == 0;
        for (int k = 0; k < lets + 10; k++)
        {
            bool holds = k >= grabs && k < lets;
            human.Offer(rig, holds, CampaignRobots.Hover - 0.01f, stale ? -1 : 300_000_000);
            rig.ProposeHover();
            Use(rig, arbiter.Choose(rig.Proposal, rig.Sample, rig.Now));
            rig.Tick();
            ActionSource expected = holds && !stale ? ActionSource.Human : ActionSource.Policy;
            if (rig.Supervisor.Authority != expected)
                return CaseOutcome.Fail($"tick {k}: {rig.Supervisor.Authority} instead of {expected}");
        }
        return CaseOutcome.When(rig.Invariants.Violations == violations, rig.Invariants.First ?? "");
    }

    private static CaseOutcome TwoSources(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        rig.Run(20 + draw.Pick(20)); // the rotors have come up within their rate
        var human = new ScriptedSource(ActionSource.Human);
        var outside = new ScriptedSource(ActionSource.Policy);
        var arbiter = new Arbiter([human, outside], 4);
        float high = (float)draw.Uniform(0.72, 0.78);
        human.Offer(rig, true, high);
        outside.Offer(rig, true, 0.7f);
        rig.ProposeHover();
        Use(rig, arbiter.Choose(rig.Proposal, rig.Sample, rig.Now));
        rig.Tick();
        return CaseOutcome.When(rig.Supervisor.Authority == ActionSource.Human && rig.Emitted[0] == high, $"{rig.Supervisor.Authority} emitted {rig.Emitted[0]}, wanted {high}");
    }

    private static void Use(CampaignRig rig, Proposal chosen)
    {
        if (ReferenceEquals(chosen, rig.Proposal))
            return;
        chosen.Values.CopyTo(rig.Proposal.Values);
        (rig.Proposal.Length, rig.Proposal.Source, rig.Proposal.DeadlineNs) = (chosen.Length, chosen.Source, chosen.DeadlineNs);
    }

    private sealed class ScriptedSource(ActionSource source) : IProposalSource
    {
        private float _value;
        private long _deadlineNs;
        private bool _present;

        public void Offer(CampaignRig rig, bool present, float value, long validNs = 10_000_000)
        {
            _present = present;
            _value = value;
            _deadlineNs = rig.Now + validNs;
        }

        public bool TryPropose(long nowNs, SensorSample sample, Proposal proposal)
        {
            proposal.Values.Fill(_value);
            (proposal.Length, proposal.Source, proposal.DeadlineNs) = (4, source, _deadlineNs);
            return _present;
        }
    }
}
