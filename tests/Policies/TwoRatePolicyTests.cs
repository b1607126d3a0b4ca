using Robotics.Core;
using Robotics.Tests.Shared;

namespace Robotics.Policies.Tests;

public sealed class TwoRatePolicyTests
{
    private const long Native = 10_000_000; // 100 Hz
    private const long Call = 2_000_000; // 500 Hz

    private static readonly NetworkSpec Spec = new([LayerSpec.Gru(2, 4), LayerSpec.Dense(4, 1, Activation.Identity)]);

    private static PolicyNetwork Network() => PolicyNetwork.Create(Spec, RandomNetworks.Parameters(Spec, new SeededRandom(3, "two-rate")));

    [Fact]
    public void Act_FiveTimesTheTrainedRate_AdvancesTheStateLikeTheTrainedRate()
    {
        PolicyNetwork reference = Network(), network = Network();
        var policy = new TwoRatePolicy(network, Native, Call);
        float[] expected = new float[1], action = new float[1];
        float[] expectedState = new float[4], state = new float[4];
        for (int call = 0; call < 100; call++)
        {
            float[] observation = [call, -call * 0.5f];
            Assert.True(policy.Act(call * Call, observation, action, out TwoRateStatus status));
            bool isNative = call % 5 == 0;
            Assert.Equal(isNative ? StepKind.Native : StepKind.Intermediate, status.Kind);
            reference.SaveState(expectedState);
            reference.Act(observation, expected);
            if (!isNative)
                reference.RestoreState(expectedState);
            Assert.Equal(expected, action);
            Assert.False(status.IsNativeJittery || status.IsCallJittery || status.IsNativeBiased || status.IsCallBiased);
        }
        network.SaveState(state);
        reference.SaveState(expectedState);
        Assert.Equal(expectedState, state);
    }

    [Fact]
    public void Act_ForcedByCount_IgnoresTime()
    {
        var policy = new TwoRatePolicy(Network(), Native, Call, callsPerNative: 3);
        var kinds = new List<StepKind>();
        for (int call = 0; call < 7; call++)
        {
            policy.Act(call, [0, 0], new float[1], out TwoRateStatus status);
            kinds.Add(status.Kind);
        }
        Assert.Equal([0, 3, 6], kinds.Select((k, i) => (k, i)).Where(p => p.k == StepKind.Native).Select(p => p.i));
    }

    [Fact]
    public void Act_TimeBackwards_IsRefusedAndChangesNothing()
    {
        PolicyNetwork network = Network();
        var policy = new TwoRatePolicy(network, Native, Call);
        policy.Act(100, [1, 2], new float[1], out _);
        float[] before = new float[4], after = new float[4];
        network.SaveState(before);
        Assert.False(policy.Act(99, [5, 5], new float[1], out TwoRateStatus status));
        Assert.True(status.IsTimestampInvalid);
        network.SaveState(after);
        Assert.Equal(before, after);
    }

    [Fact]
    public void Act_OneLateCall_IsJitterForAHundredIntervalsAndNoBias()
    {
        var policy = new TwoRatePolicy(Network(), Native, Call);
        long now = 0;
        TwoRateStatus status = default;
        for (int call = 0; call < 300; call++)
        {
            now += call == 150 ? 2 * Call : Call;
            policy.Act(now, [0, 0], new float[1], out status);
            Assert.Equal(call is >= 150 and < 250, status.IsCallJittery);
            Assert.False(status.IsCallBiased);
        }
    }

    [Fact]
    public void Act_CalledTooSlowly_IsBias()
    {
        var policy = new TwoRatePolicy(Network(), Native, Call);
        TwoRateStatus status = default;
        for (int call = 0; call < 50; call++)
            policy.Act(call * Call * 3 / 2, [0, 0], new float[1], out status);
        Assert.True(status.IsCallBiased);
        Assert.True(status.IsCallJittery);
    }

    [Fact]
    public void TakeMeanAction_AtANativeStep_IsTheMeanOfTheActionsSinceTheLast()
    {
        var policy = new TwoRatePolicy(Network(), Native, Call);
        var action = new float[1];
        float sum = 0;
        Assert.False(policy.TakeMeanAction());
        for (int call = 0; call < 5; call++)
        {
            policy.Act(call * Call, [call, 1], action, out _);
            sum += action[0];
        }
        Assert.True(policy.IsNativeDue(5 * Call));
        Assert.True(policy.TakeMeanAction());
        Assert.Equal(sum / 5, policy.MeanAction[0], 1e-6f);
    }

    [Fact]
    public void Act_Steady_AllocatesNothing()
    {
        var policy = new TwoRatePolicy(Network(), Native, Call);
        float[] observation = [1, 2], action = [0];
        long now = 0;
        AllocationGuard.AssertNone(() => policy.Act(now += Call, observation, action, out _));
    }
}
