using Robotics.Core;
using Robotics.Tests.Shared;

namespace Robotics.Policies.Tests;

public sealed class FlyingPolicyTests
{
    // One observation, one action: action = gain × observation.
    private static readonly NetworkSpec Gain = NetworkSpec.Mlp([1, 1], Activation.Identity, Activation.Identity);

    private static byte[] Image(float gain, uint counter, float exploration = 0) =>
        NetworkImage.Write(Gain, [gain, 0], new NetworkImageFacts(new PolicyIdentity(1, 0, counter, counter), 0, exploration, 100));

    private static FlyingPolicy Policy(WatchOptions options) =>
        new(new PolicySlot(PolicyNetwork.RequiredFloats(Gain)), 1, 1, options, new SeededRandom(1, "exploration"));

    private static FlyingPolicy Flying(WatchOptions options)
    {
        FlyingPolicy policy = Policy(options);
        policy.Slot.TryOffer(Image(0.2f, 1));
        Assert.True(policy.TurnStep(isAtBoundary: false));
        return policy;
    }

    private static float Act(FlyingPolicy policy, float observation = 1)
    {
        Span<float> action = stackalloc float[1];
        Assert.True(policy.Act([observation], action));
        return action[0];
    }

    private static float ActBetween(FlyingPolicy policy, float observation)
    {
        Span<float> action = stackalloc float[1];
        Assert.True(policy.ActBetween([observation], action));
        return action[0];
    }

    private static int StepsUntil(FlyingPolicy policy, Func<bool> condition, bool isAtBoundary = false, int most = 5000)
    {
        for (int step = 1; step <= most; step++)
        {
            policy.TurnStep(isAtBoundary);
            Act(policy, (step % 3) - 1);
            policy.Report(isTrip: false, isIntervention: false);
            if (condition())
                return step;
        }
        return -1;
    }

    [Fact]
    public void Act_BeforeAnyPolicy_IsRefused()
    {
        FlyingPolicy policy = Policy(WatchOptions.Training);
        Assert.False(policy.TurnStep(isAtBoundary: true));
        Assert.False(policy.Act([1], new float[1]));
        Assert.False(policy.IsReady);
    }

    [Fact]
    public void TurnStep_EpisodeRule_WaitsForTheBoundary()
    {
        FlyingPolicy policy = Flying(WatchOptions.Training);
        policy.Slot.TryOffer(Image(0.5f, 2));
        for (int i = 0; i < 10; i++)
            Assert.False(policy.TurnStep(isAtBoundary: false));
        Assert.Equal(0.2f, Act(policy));
        Assert.True(policy.TurnStep(isAtBoundary: true));
        Assert.Equal(0.5f, Act(policy));
        Assert.Equal(2, policy.Installed);
    }

    [Fact]
    public void TurnStep_MidEpisode_BlendsWithoutAJump()
    {
        FlyingPolicy policy = Flying(WatchOptions.Training with { Rule = SwapRule.AnyStep, BlendSteps = 4 });
        policy.Slot.TryOffer(Image(0.7f, 2));
        Assert.True(policy.TurnStep(isAtBoundary: false));
        for (int i = 1; i <= 6; i++)
        {
            Assert.Equal(0.2f + (Math.Min(i, 5) * 0.1f), Act(policy), 1e-6f);
            policy.TurnStep(isAtBoundary: false);
        }
    }

    // Between two periods the weight of the blend stands still, on both policies' answers to the newer observation.
    [Fact]
    public void ActBetween_DuringABlend_KeepsThePeriodsWeight()
    {
        FlyingPolicy policy = Flying(WatchOptions.Training with { Rule = SwapRule.AnyStep, BlendSteps = 4 });
        policy.Slot.TryOffer(Image(0.7f, 2));
        for (int i = 1; i <= 6; i++)
        {
            policy.TurnStep(isAtBoundary: false);
            Act(policy);
            for (int between = 0; between < 3; between++)
                Assert.Equal(0.5f * (0.2f + (Math.Min(i, 5) * 0.1f)), ActBetween(policy, 0.5f), 1e-6f);
        }
    }

    [Fact]
    public void ActBetween_Exploring_HoldsThePeriodsNoise()
    {
        FlyingPolicy policy = Policy(WatchOptions.Training);
        policy.Slot.TryOffer(Image(0.5f, 1, exploration: 0.1f));
        policy.TurnStep(isAtBoundary: true);
        policy.Explore = true;
        for (int i = 0; i < 20; i++)
        {
            float noise = Act(policy, 1) - 0.5f;
            Assert.NotEqual(0, noise);
            Assert.Equal(0.25f + noise, ActBetween(policy, 0.5f), 1e-6f);
            Assert.Equal(0.1f + noise, ActBetween(policy, 0.2f), 1e-6f);
        }
    }

    [Fact]
    public void TurnStep_OfferDuringABlend_WaitsForItsEnd()
    {
        FlyingPolicy policy = Flying(WatchOptions.Training with { Rule = SwapRule.AnyStep, BlendSteps = 3 });
        policy.Slot.TryOffer(Image(0.4f, 2));
        policy.TurnStep(isAtBoundary: false);
        policy.Slot.TryOffer(Image(0.6f, 3));
        for (int i = 0; i < 3; i++)
        {
            Assert.False(policy.TurnStep(isAtBoundary: false));
            Act(policy);
        }
        Assert.True(policy.TurnStep(isAtBoundary: false));
        Assert.Equal(3u, policy.Identity.Counter);
    }

    [Fact]
    public void Shadow_SimilarPolicy_TakesOverAfterItsWindow()
    {
        FlyingPolicy policy = Flying(WatchOptions.Deployed);
        policy.Slot.TryOffer(Image(0.25f, 2));
        int steps = StepsUntil(policy, () => policy.Identity.Counter == 2, isAtBoundary: true);
        Assert.InRange(steps, 200, 202);
        Assert.True(policy.IsOnProbation);
    }

    // Passes every static check; its actions are three times those in force.
    [Fact]
    public void Shadow_GainTimesThree_IsRefusedAndNeverFlies()
    {
        FlyingPolicy policy = Flying(WatchOptions.Deployed);
        policy.Slot.TryOffer(Image(0.6f, 2));
        StepsUntil(policy, () => policy.Identity.Counter == 2, isAtBoundary: true, most: 1000);
        Assert.Equal(1u, policy.Identity.Counter);
        Assert.Equal(1, policy.Refused);
        Assert.Equal(BundleCheck.Shadow, policy.LastVerdict.Check);
        Assert.Contains("divergence", policy.LastVerdict.ToRefusal().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_TripOnProbation_RollsBackInTheSamePeriod()
    {
        FlyingPolicy policy = Flying(WatchOptions.Training with { ProbationSteps = 100 });
        policy.Slot.TryOffer(Image(0.6f, 2));
        policy.TurnStep(isAtBoundary: true);
        Assert.Equal(0.6f, Act(policy));
        Assert.True(policy.Report(isTrip: true, isIntervention: true));
        Assert.Equal(0.2f, Act(policy));
        Assert.Equal(1u, policy.Identity.Counter);
        Assert.Equal((BundleCheck.Canary, 2u), (policy.LastVerdict.Check, policy.LastVerdict.Policy.Counter));
    }

    [Fact]
    public void Report_RiseOfInterventions_RollsBack()
    {
        FlyingPolicy policy = Flying(WatchOptions.Training with { ProbationSteps = 500 });
        for (int i = 0; i < 1000; i++)
            policy.Report(isTrip: false, isIntervention: i % 10 == 0); // 10 % before
        policy.Slot.TryOffer(Image(0.6f, 2));
        policy.TurnStep(isAtBoundary: true);
        int step = 0;
        while (!policy.Report(isTrip: false, isIntervention: step++ % 3 == 0)) // 33 % now
            Assert.True(step < 500);
        Assert.InRange(step, 20, 25);
        Assert.Equal(1u, policy.Identity.Counter);
        Assert.InRange(policy.LastVerdict.Limit, 0.19, 0.21);
    }

    // The policy before failed in one of four episodes: one failure of the new one proves nothing, two of two do.
    [Fact]
    public void ReportEpisode_RiseOfFailures_RollsBack()
    {
        FlyingPolicy policy = Flying(new WatchOptions { ProbationSteps = 1000 });
        for (int i = 0; i < 40; i++)
            Assert.False(policy.ReportEpisode(isFailure: i % 4 == 0));
        policy.Slot.TryOffer(Image(0.5f, 2));
        Assert.True(policy.TurnStep(isAtBoundary: true));
        Assert.False(policy.ReportEpisode(isFailure: true));
        Assert.True(policy.ReportEpisode(isFailure: true));
        Assert.Equal(new PolicyVerdict(new PolicyIdentity(1, 0, 2, 2), BundleCheck.TaskFailure, 1, 0.75), policy.LastVerdict);
        Assert.Equal(1u, policy.Identity.Counter);
    }

    [Theory]
    [InlineData(0.25, 10)] // as often as before
    [InlineData(0.75, 4)] // at the limit
    public void ReportEpisode_WithinTheAllowedRise_FliesOn(double share, int episodes)
    {
        FlyingPolicy policy = Flying(new WatchOptions { ProbationSteps = 1000 });
        for (int i = 0; i < 40; i++)
            policy.ReportEpisode(isFailure: i % 4 == 0);
        policy.Slot.TryOffer(Image(0.5f, 2));
        Assert.True(policy.TurnStep(isAtBoundary: true));
        for (int i = 0; i < episodes; i++)
            Assert.False(policy.ReportEpisode(isFailure: i % 4 >= 4 * (1 - share)));
    }

    [Fact]
    public void Report_SameShareOfInterventions_PassesProbation()
    {
        FlyingPolicy policy = Flying(WatchOptions.Training with { ProbationSteps = 100 });
        policy.Slot.TryOffer(Image(0.6f, 2));
        policy.TurnStep(isAtBoundary: true);
        for (int i = 0; i < 100; i++)
            Assert.False(policy.Report(isTrip: false, isIntervention: false));
        Assert.False(policy.IsOnProbation);
        Assert.False(policy.Report(isTrip: true, isIntervention: true));
        Assert.Equal(2u, policy.Identity.Counter);
        Assert.Equal(BundleCheck.None, policy.LastVerdict.Check);
    }

    [Fact]
    public void TurnStep_OfferDuringProbation_WaitsForItsEnd()
    {
        FlyingPolicy policy = Flying(WatchOptions.Training with { ProbationSteps = 30 });
        policy.Slot.TryOffer(Image(0.3f, 2));
        policy.TurnStep(isAtBoundary: true);
        policy.Slot.TryOffer(Image(0.4f, 3));
        Assert.InRange(StepsUntil(policy, () => policy.Identity.Counter == 3, isAtBoundary: true), 30, 32);
    }

    [Fact]
    public void TurnStep_CandidateOfAnotherShape_IsRefused()
    {
        NetworkSpec wide = NetworkSpec.Mlp([2, 1], Activation.Identity, Activation.Identity);
        var policy = new FlyingPolicy(new PolicySlot(PolicyNetwork.RequiredFloats(wide)), 1, 1, WatchOptions.Training, new SeededRandom(1));
        policy.Slot.TryOffer(NetworkImage.Write(wide, [1, 1, 0], default));
        Assert.False(policy.TurnStep(isAtBoundary: true));
        Assert.False(policy.IsReady);
        Assert.Equal(BundleCheck.Shape, policy.LastVerdict.Check);
    }

    [Fact]
    public void Act_Exploring_AddsTheBundlesDeviationAndClamps()
    {
        FlyingPolicy policy = Policy(WatchOptions.Training);
        policy.Slot.TryOffer(Image(0, 1, exploration: 0.1f));
        policy.TurnStep(isAtBoundary: true);
        policy.Explore = true;
        double squares = 0;
        for (int i = 0; i < 10_000; i++)
        {
            double action = Act(policy);
            squares += action * action;
        }
        Assert.InRange(Math.Sqrt(squares / 10_000), 0.097, 0.103);
        policy.Slot.TryOffer(Image(5, 2, exploration: 0.9f));
        policy.TurnStep(isAtBoundary: true);
        for (int i = 0; i < 100; i++)
            Assert.InRange(Act(policy), -1f, 1f);
    }

    [Fact]
    public void WholeCycle_Steady_AllocatesNothing()
    {
        FlyingPolicy policy = Flying(new WatchOptions { Rule = SwapRule.AnyStep, BlendSteps = 2, ShadowSteps = 3, ProbationSteps = 2 });
        byte[] image = Image(0.25f, 2);
        int step = 0;
        var action = new float[1];
        policy.Explore = true;
        AllocationGuard.AssertNone(() =>
        {
            if (step++ % 10 == 0)
                policy.Slot.TryOffer(image);
            policy.TurnStep(isAtBoundary: false);
            policy.Act([1f], action);
            policy.ActBetween([0.5f], action);
            policy.Report(isTrip: step % 50 == 0, isIntervention: false);
        });
        Assert.True(policy.Installed > 50);
    }
}
