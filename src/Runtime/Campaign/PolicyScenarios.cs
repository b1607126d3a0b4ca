using Robotics.Core;
using Robotics.Policies;
using Robotics.Safety;

namespace Robotics.Runtime.Campaign;

/// <summary>R27 to R29: which policy may fly.</summary>
internal static class PolicyScenarios
{
    private const ulong Schema = 0x5AFE;
    private static readonly NetworkSpec s_spec = new([LayerSpec.Dense(4, 4, Activation.Identity)]);

    public static IEnumerable<Scenario> All =>
        [
            new("R27", "only a whole, fitting, newer policy that repeats its golden vectors is taken, at an allowed point", 1, false, Gate),
            new("R28", "a swapped policy that trips in its first second is rolled back", 5, false, RollBack),
            new("R29", "a candidate that acts differently is not promoted", 0, false, Shadow),
        ];

    private static CaseOutcome Gate(CampaignRigs rigs, Choices draw)
    {
        var gate = new PolicyGate(
            new PolicyExpectations { SchemaHash = Schema, ObservationLength = 4, ActionLength = 4, PolicyRateHz = 100 }, new ManualClock());
        PolicyIdentity installed = new(1, 1, 5, 1);
        int fault = draw.Pick(6);
        PolicyManifest manifest = Manifest(6) with
        {
            SchemaHash = fault == 1 ? Schema + 1 : Schema,
            PolicyRateHz = fault == 2 ? 50 : 100,
            Identity = new PolicyIdentity(1, 1, fault == 3 ? 4u : 6u, 0),
        };
        byte[] bytes = PolicyBundleWriter.Write(manifest, Weights(fault == 5 ? 1e6f : 1));
        if (fault == 4)
            bytes[draw.Pick(bytes.Length)] ^= 1; // one bit anywhere
        bool accepted = PolicyBundle.TryRead(bytes, out PolicyBundle? bundle, out _) && gate.Check(bundle!, installed, out _);
        if (accepted != (fault == 0))
            return CaseOutcome.Fail($"fault {fault}: accepted {accepted}");
        if (!accepted)
            return CaseOutcome.Pass();
        var slot = new PolicySlot((int)PolicyNetwork.RequiredFloats(s_spec));
        bool taken = slot.TryOffer(bundle!.ToImage()) && slot.TryTake() && !slot.TryTake();
        return CaseOutcome.When(taken, "an accepted policy was not taken at the next allowed point");
    }

    private static CaseOutcome RollBack(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Slow;
        rig.Begin();
        var guard = new SwapGuard();
        int swap = draw.Pick(30);
        int trip = swap + draw.Pick(200);
        bool onProbation = trip - swap <= 100;
        for (int k = 0; k <= trip + 5; k++)
        {
            if (k == swap)
                guard.OnSwap(rig.Now);
            rig.ProposeHover();
            if (k >= trip)
                rig.Proposal.Values[0] = float.NaN;
            long now = rig.Now;
            rig.Tick();
            if (guard.ShouldRollBack(rig.Action, now))
                return CaseOutcome.When(onProbation, $"rolled back {trip - swap} periods after the swap", k - trip);
        }
        return CaseOutcome.When(!onProbation && guard.Rollbacks == 0, $"no rollback {trip - swap} periods after the swap");
    }

    private static CaseOutcome Shadow(CampaignRigs rigs, Choices draw)
    {
        bool tripled = draw.Pick(2) == 0;
        var comparison = new ShadowComparison(windowSteps: 100, limit: 0.1);
        Span<float> inCharge = stackalloc float[4];
        Span<float> candidate = stackalloc float[4];
        for (int k = 0; k < 150; k++)
        {
            for (int i = 0; i < 4; i++)
            {
                inCharge[i] = (float)draw.Uniform(-0.6, 0.6);
                candidate[i] = tripled ? 3 * inCharge[i] : inCharge[i] + 0.01f;
            }
            comparison.Add(inCharge, candidate);
            if (k < 99 && comparison.MayPromote)
                return CaseOutcome.Fail($"promoted after {k + 1} steps");
        }
        return CaseOutcome.When(comparison.MayPromote == !tripled, $"gain {(tripled ? 3 : 1)}: divergence {comparison.Divergence:F3}");
    }

    private static PolicyManifest Manifest(uint counter) =>
        new() { Name = "campaign", Identity = new PolicyIdentity(1, 1, counter, 0), SchemaHash = Schema, PolicyRateHz = 100, Network = s_spec };

    private static float[] Weights(float scale) => [.. Enumerable.Range(0, 20).Select(i => scale * 0.01f * (i - 10))];
}
