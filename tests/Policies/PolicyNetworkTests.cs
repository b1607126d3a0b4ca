using Robotics.Core;
using Robotics.Tests.Shared;

namespace Robotics.Policies.Tests;

public sealed class PolicyNetworkTests
{
    private static readonly PolicyKernel[] Kernels =
        [PolicyKernel.Plain, PolicyKernel.Vector128, PolicyKernel.Vector256, PolicyKernel.Vector512];

    [Fact]
    public void Act_RandomNetworks_AgreesWithTheEquationsInDouble()
    {
        var random = new SeededRandom(1, "networks");
        for (int n = 0; n < 100; n++)
        {
            NetworkSpec spec = RandomNetworks.Spec(random);
            float[] parameters = RandomNetworks.Parameters(spec, random);
            PolicyNetwork network = PolicyNetwork.Create(spec, parameters);
            var reference = new ReferenceNetwork(spec, parameters);
            var action = new float[spec.ActionLength];
            for (int step = 0; step < 5; step++)
            {
                float[] observation = RandomNetworks.Values(spec.ObservationLength, random);
                double[] expected = reference.Act(observation);
                Assert.True(network.Act(observation, action));
                for (int i = 0; i < action.Length; i++)
                    Assert.InRange(action[i] - expected[i], -2e-5, 2e-5);
            }
        }
    }

    [Fact]
    public void Act_EveryKernel_GivesTheSameBits()
    {
        var random = new SeededRandom(2, "networks");
        for (int n = 0; n < 100; n++)
        {
            NetworkSpec spec = RandomNetworks.Spec(random);
            float[] parameters = RandomNetworks.Parameters(spec, random);
            PolicyNetwork[] networks = [.. Kernels.Select(k => PolicyNetwork.Create(spec, parameters, k))];
            var expected = new float[spec.ActionLength];
            var action = new float[spec.ActionLength];
            for (int step = 0; step < 3; step++)
            {
                float[] observation = RandomNetworks.Values(spec.ObservationLength, random);
                Assert.True(networks[0].Act(observation, expected));
                foreach (PolicyNetwork network in networks.Skip(1))
                {
                    Assert.True(network.Act(observation, action));
                    Assert.Equal(expected, action);
                }
            }
        }
    }

    [Fact]
    public void Kernel_ByName_HasItsWidth() =>
        Assert.Equal([1, 4, 8, 16], Kernels.Select(k => new PolicyNetwork(16, k).VectorWidth));

    [Fact]
    public void Act_RecurrentNetwork_AllocatesNothing()
    {
        var random = new SeededRandom(3, "networks");
        NetworkSpec spec = new([LayerSpec.Normaliser(22), LayerSpec.Dense(22, 16, Activation.Relu), LayerSpec.Gru(16, 16), LayerSpec.Dense(16, 4, Activation.Tanh)]);
        PolicyNetwork network = PolicyNetwork.Create(spec, RandomNetworks.Parameters(spec, random));
        float[] observation = RandomNetworks.Values(22, random);
        var action = new float[4];
        AllocationGuard.AssertNone(() =>
        {
            network.Reset();
            network.Act(observation, action);
            network.Sample(observation, action, random);
        });
    }

    [Fact]
    public void TryLoad_AnotherShape_AllocatesNothingAndReplaces()
    {
        var random = new SeededRandom(4, "networks");
        NetworkSpec small = NetworkSpec.Mlp([3, 5, 2], Activation.Tanh, Activation.Identity);
        NetworkSpec large = NetworkSpec.Mlp([146, 64, 64, 4], Activation.FastTanh, Activation.FastTanh);
        byte[] smallImage = NetworkImage.Write(small, RandomNetworks.Parameters(small, random), default);
        byte[] largeImage = NetworkImage.Write(large, RandomNetworks.Parameters(large, random), default);
        var network = new PolicyNetwork(PolicyNetwork.RequiredFloats(large));
        AllocationGuard.AssertNone(
            () =>
            {
                Assert.True(network.TryLoad(smallImage));
                Assert.True(network.TryLoad(largeImage));
            },
            times: 50
        );
        Assert.Equal(146, network.ObservationLength);
        Assert.Equal(4, network.ActionLength);
    }

    [Fact]
    public void TryLoad_LargerThanItsArena_IsRefusedAndKeepsTheOld()
    {
        var random = new SeededRandom(5, "networks");
        NetworkSpec small = NetworkSpec.Mlp([3, 5, 2], Activation.Tanh, Activation.Identity);
        NetworkSpec large = NetworkSpec.Mlp([3, 500, 2], Activation.Tanh, Activation.Identity);
        PolicyNetwork network = PolicyNetwork.Create(small, RandomNetworks.Parameters(small, random));
        Assert.False(network.TryLoad(NetworkImage.Write(large, RandomNetworks.Parameters(large, random), default), out NetworkImageStatus status));
        Assert.Equal(NetworkImageStatus.Capacity, status);
        Assert.True(network.Act([1, 2, 3], new float[2]));
    }

    [Fact]
    public void Act_WrongLengthOrNonFinite_RefusesAndLeavesTheAction()
    {
        NetworkSpec spec = NetworkSpec.Mlp([2, 2], Activation.Identity, Activation.Identity);
        PolicyNetwork network = PolicyNetwork.Create(spec, [1, 0, 0, 1, 0, 0]);
        float[] action = [7, 7];
        Assert.False(network.Act([1], action));
        Assert.False(network.Act([1, 2], new float[1]));
        Assert.False(network.Act([1, float.NaN], action));
        Assert.False(network.Act([float.PositiveInfinity, 0], action));
        Assert.False(new PolicyNetwork(16).Act([], []));
        Assert.Equal([7, 7], action);
        Assert.True(network.Act([0.5f, -3], action));
        Assert.Equal([0.5f, -1], action);
    }

    [Fact]
    public void RestoreState_AfterSteps_ContinuesTheSequence()
    {
        var random = new SeededRandom(6, "networks");
        NetworkSpec spec = new([LayerSpec.Gru(3, 5), LayerSpec.Gru(5, 7), LayerSpec.Dense(7, 2, Activation.Identity)]);
        PolicyNetwork network = PolicyNetwork.Create(spec, RandomNetworks.Parameters(spec, random));
        Assert.Equal(12, network.StateLength);
        var state = new float[12];
        float[] first = new float[2], second = new float[2];
        network.Act([1, 2, 3], first);
        network.SaveState(state);
        network.Act([3, 2, 1], first);
        network.Reset();
        network.RestoreState(state);
        network.Act([3, 2, 1], second);
        Assert.Equal(first, second);
    }

    [Fact]
    public void Sample_TanhGaussianHead_HasTheStatedDeviation()
    {
        // Output is (mean 0.2, log σ = -2): the logarithm's weight and bias are in the second row.
        NetworkSpec spec = new([LayerSpec.Dense(1, 2, Activation.Identity)], PolicyHead.TanhGaussian);
        PolicyNetwork network = PolicyNetwork.Create(spec, [0, 0, 0.2f, -2]);
        var random = new SeededRandom(7, "exploration");
        var action = new float[1];
        Assert.True(network.Act([1], action));
        Assert.Equal(MathF.Tanh(0.2f), action[0]);
        double squares = 0;
        const int n = 20_000;
        for (int i = 0; i < n; i++)
        {
            network.Sample([1], action, random);
            double e = Math.Atanh(action[0]) - 0.2;
            squares += e * e;
        }
        Assert.InRange(Math.Sqrt(squares / n), Math.Exp(-2) * 0.98, Math.Exp(-2) * 1.02);
    }
}
