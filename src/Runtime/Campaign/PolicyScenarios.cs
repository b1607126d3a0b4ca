using Robotics.Core;
using Robotics.Policies;

namespace Robotics.Runtime.Campaign;

/// <summary>R27 to R29: which policy may fly.</summary>
internal static class PolicyScenarios
{
    private const ulong Schema = 0x5AFE;
    private const int Window = 100;
    private const int Probation = 100;
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

    // The watch that flies, fed by a supervisor that trips on a policy's command.
    private static CaseOutcome RollBack(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Slow;
        rig.Begin();
        FlyingPolicy policy = Watched(new WatchOptions { ProbationSteps = Probation });
        int swap = draw.Pick(30);
        int trip = swap + draw.Pick(200);
        bool onProbation = trip - swap < Probation;
        for (int k = 0; k <= trip + 5; k++)
        {
            if (k == swap)
                policy.Slot.TryOffer(Image(2, 1));
            policy.TurnStep(isAtBoundary: true);
            rig.ProposeHover();
            if (k >= trip)
                rig.Proposal.Values[0] = float.NaN;
            rig.Tick();
            if (policy.Report(rig.Action >= SafetyAction.Baseline, isIntervention: false))
                return CaseOutcome.When(onProbation && policy.Identity.Counter == 1, $"rolled back {trip - swap} periods after the swap", k - trip);
        }
        return CaseOutcome.When(!onProbation && policy.RolledBack == 0, $"no rollback {trip - swap} periods after the swap");
    }

    private static CaseOutcome Shadow(CampaignRigs rigs, Choices draw)
    {
        bool tripled = draw.Pick(2) == 0;
        FlyingPolicy policy = Watched(new WatchOptions { ShadowSteps = Window, MaxDivergence = 0.1 });
        policy.Slot.TryOffer(Image(2, tripled ? 3 : 1.02f));
        Span<float> observation = stackalloc float[4];
        Span<float> action = stackalloc float[4];
        for (int k = 0; k < 150; k++)
        {
            foreach (ref float value in observation)
                value = (float)draw.Uniform(-0.6, 0.6);
            policy.TurnStep(isAtBoundary: true);
            policy.Act(observation, action);
            policy.Report(isTrip: false, isIntervention: false);
            if (k < Window && policy.Identity.Counter == 2)
                return CaseOutcome.Fail($"promoted after {k + 1} steps");
        }
        return CaseOutcome.When((policy.Identity.Counter == 2) == !tripled, $"gain {(tripled ? 3 : 1.02)}: divergence {policy.LastVerdict.Value:F3}");
    }

    private static FlyingPolicy Watched(WatchOptions options)
    {
        var policy = new FlyingPolicy(new PolicySlot(PolicyNetwork.RequiredFloats(s_spec)), 4, 4, options, new SeededRandom(1));
        policy.Slot.TryOffer(Image(1, 1));
        policy.TurnStep(isAtBoundary: true);
        return policy;
    }

    // Action = gain x observation.
    private static byte[] Image(uint counter, float gain) =>
        NetworkImage.Write(s_spec, [.. Enumerable.Range(0, 20).Select(i => i < 16 && i % 5 == 0 ? gain : 0)], new NetworkImageFacts(new PolicyIdentity(1, 1, counter, counter), Schema, 0, 100));

    private static PolicyManifest Manifest(uint counter) =>
        new() { Name = "campaign", Identity = new PolicyIdentity(1, 1, counter, 0), SchemaHash = Schema, PolicyRateHz = 100, Network = s_spec };

    private static float[] Weights(float scale) => [.. Enumerable.Range(0, 20).Select(i => scale * 0.01f * (i - 10))];
}
