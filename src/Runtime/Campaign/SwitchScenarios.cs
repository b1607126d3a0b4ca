using Robotics.Core;

namespace Robotics.Runtime.Campaign;

/// <summary>R20, R21, R23: the way to the baseline and back.</summary>
internal static class SwitchScenarios
{
    public static IEnumerable<Scenario> All =>
        [
            new("R20", "a baseline that fails gives the next rung in the same period; activation needs a valid one", 0, false, BaselineFails),
            new("R21", "a failing filter gives the baseline, never the raw action", 0, false, FilterFails),
            new("R23", "the policy returns after a dwell, at most three times per episode, without a jump", 0, false, Flapping),
        ];

    private static CaseOutcome BaselineFails(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        rig.Run(draw.Pick(50));
        bool inCharge = draw.Pick(2) == 0;
        rig.ProposeHover();
        if (inCharge)
            rig.Proposal.Values[0] = float.NaN;
        rig.Tick();
        rig.Baseline.Mode = (BreakableBaseline.Break)(1 + draw.Pick(3));
        rig.Invariants.ChecksAllocation = rig.Baseline.Mode != BreakableBaseline.Break.Throws;
        string? refusal = rig.Supervisor.ValidateBaseline();
        rig.ProposeHover();
        SafetyAction action = rig.Tick();
        rig.Invariants.ChecksAllocation = true;
        rig.Baseline.Mode = BreakableBaseline.Break.None;
        rig.Supervisor.ValidateBaseline();
        return CaseOutcome.When(action == SafetyAction.SoftLimp && refusal is not null && rig.Supervisor.Latched, $"{action}, activation {refusal ?? "allowed"}");
    }

    // The contrast: what a filter that falls back to the desired action would have sent is not what ours sends.
    private static CaseOutcome FilterFails(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        rig.Run(draw.Pick(50));
        float wild = (float)draw.Uniform(0, 1);
        rig.Propose(wild, 1 - wild, wild, 1 - wild);
        var broken = new SensorSample(new ChannelLayout([new Channel("nothing", "1")])); // the filter will index out of it
        long before = rig.Supervisor.Tick;
        SafeCommand command = rig.Supervisor.Filter(rig.Proposal, broken, rig.Now);
        float naive = wild;
        bool ours = command.Action == SafetyAction.Baseline && rig.Supervisor.Latched && rig.Supervisor.Tick == before + 1;
        bool differs = command.Values[0] != naive;
        rig.Invariants.Check(command, 0);
        rig.Clock.Advance(rig.PeriodNs);
        return CaseOutcome.When(ours && differs, $"{command.Action}, emitted {command.Values[0]} for a raw {naive}");
    }

    private static CaseOutcome Flapping(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Slow;
        rig.Begin();
        rig.Run(5);
        int every = 1 + draw.Pick(60);
        long violations = rig.Invariants.Violations;
        int returns = 0;
        int lost = 0; // periods since authority was lost
        for (int k = 0; k < 900; k++)
        {
            bool wasOut = rig.Action >= SafetyAction.Baseline;
            rig.ProposeHover();
            if (!wasOut && k % every == 0)
                rig.Proposal.Values[draw.Pick(4)] = float.NaN;
            rig.Tick();
            bool isOut = rig.Action >= SafetyAction.Baseline;
            if (wasOut && !isOut)
            {
                returns++;
                if (lost < 100) // one second
                    return CaseOutcome.Fail($"returned after {lost} periods");
            }
            lost = isOut ? lost + 1 : 0;
        }
        return CaseOutcome.When(returns == 3 && rig.Action == SafetyAction.Baseline && rig.Invariants.Violations == violations, $"{returns} returns, {rig.Action} at the end");
    }
}
