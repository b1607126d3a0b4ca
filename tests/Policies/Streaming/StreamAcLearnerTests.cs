using Robotics.Policies.Streaming;
using Robotics.Tests.Shared;

namespace Robotics.Policies.Tests.Streaming;

public sealed unsafe class StreamAcLearnerTests
{
    private static readonly StreamAcOptions s_options = new() { Hidden = [32, 32] };

    [Fact]
    public void Step_Truncated_IsBootstrappedAndTerminatedIsNot()
    {
        float next = ErrorOf(terminated: false, truncated: false), cut = ErrorOf(false, true), over = ErrorOf(true, false);
        Assert.Equal(next, cut);
        Assert.NotEqual(next, over);

        static float ErrorOf(bool terminated, bool truncated)
        {
            StreamAcLearner learner = StreamAcLearner.Fresh(3, 1, s_options, seed: 1);
            learner.Begin([1, 2, 3]);
            for (int i = 0; i < 20; i++)
                learner.Step([0.1f], 1, [i, 2, -i], false, false);
            learner.Step([0.1f], 1, [0.5f, 2, 0], terminated, truncated);
            return learner.Error;
        }
    }

    [Fact]
    public void Step_Measured_AllocatesNothing()
    {
        StreamAcLearner learner = StreamAcLearner.Fresh(32, 8, new StreamAcOptions(), seed: 1);
        var observation = new float[32];
        var action = new float[8];
        var random = new SeededRandom(1);
        learner.Begin(observation);
        AllocationGuard.AssertNone(() =>
        {
            observation[random.NextInt(32)] = (float)random.NextGaussian();
            learner.Act(action);
            learner.Step(action, 1, observation, terminated: false, truncated: false);
        });
    }

    // Reward is highest for an action that depends on the observation: the stream alone must find it.
    [Fact]
    public void Step_TargetFollowing_Learns()
    {
        StreamAcLearner learner = StreamAcLearner.Fresh(2, 1, s_options with { InitialDeviation = 0.4, EntropyWeight = 0 }, seed: 2);
        var random = new SeededRandom(3);
        float[] observation = [0, 1];
        var action = new float[1];
        learner.Begin(observation);
        double first = 0, last = 0;
        for (int i = 0; i < 30_000; i++)
        {
            learner.Act(action);
            float miss = action[0] - observation[0];
            observation[0] = (float)random.NextUniform(-1, 1);
            learner.Step(action, -miss * miss, observation, terminated: true, truncated: false);
            learner.Begin(observation);
            first += i < 2000 ? miss * miss : 0;
            last += i >= 28_000 ? miss * miss : 0;
        }
        Assert.True(last < first / 3, $"mean squared miss {first / 2000} at the start, {last / 2000} at the end");
    }

    [Fact]
    public void Step_SameSeed_GivesTheSamePolicy()
    {
        Assert.Equal(Train(), Train());

        static float[] Train()
        {
            StreamAcLearner learner = StreamAcLearner.Fresh(2, 1, s_options, seed: 7);
            var action = new float[1];
            learner.Begin([0, 0]);
            for (int i = 0; i < 50; i++)
            {
                learner.Act(action);
                learner.Step(action, action[0], [MathF.Sin(i), i % 5], false, i % 20 == 19);
            }
            learner.Export(out _, out float[] parameters);
            return parameters;
        }
    }

    // What is exported flies as what was learnt: the normaliser is part of the network.
    [Fact]
    public void Export_Fresh_FliesAsTheMean()
    {
        StreamAcLearner learner = StreamAcLearner.Fresh(4, 2, s_options, seed: 1);
        var random = new SeededRandom(5);
        var action = new float[2];
        var observation = new float[4];
        learner.Begin(observation);
        for (int i = 0; i < 200; i++)
        {
            foreach (ref float x in observation.AsSpan())
                x = 3 + (float)random.NextGaussian();
            learner.Act(action);
            learner.Step(action, (float)random.NextGaussian(), observation, false, false);
        }
        learner.Mean(action);
        learner.Export(out NetworkSpec spec, out float[] parameters);
        var flown = new float[2];
        PolicyNetwork.Create(spec, parameters).Act(observation, flown);
        Assert.Equal(Math.Clamp(action[0], -1, 1), flown[0], 1e-4);
        Assert.Equal(Math.Clamp(action[1], -1, 1), flown[1], 1e-4);
    }

    [Fact]
    public void TryAdapt_NothingLearntYet_FliesAsBefore()
    {
        NetworkSpec spec = NetworkSpec.Mlp([6, 24, 20, 2], Activation.FastTanh, Activation.FastTanh);
        var random = new SeededRandom(2);
        float[] parameters = [.. Enumerable.Range(0, spec.ParameterCount).Select(_ => (float)random.NextUniform(-0.5, 0.5))];
        Assert.True(StreamAcLearner.TryAdapt(spec, parameters, 0.1, new StreamAcOptions { CriticOnlySteps = 10 }, 1, out StreamAcLearner? learner, out string problem), problem);
        float[] observation = [0.1f, -2, 3, 0.4f, 0, 1];
        var action = new float[2];
        learner!.Begin(observation);
        for (int i = 0; i < 10; i++)
            learner.Step([0.3f, -0.2f], 1, observation, false, false);
        learner.Export(out NetworkSpec same, out float[] after);
        Assert.Equal(spec, same);
        Assert.Equal(parameters, after);
        learner.Mean(action);
        var flown = new float[2];
        PolicyNetwork.Create(spec, parameters).Act(observation, flown);
        Assert.Equal(flown[0], action[0], 1e-5);
        learner.Step([0.3f, -0.2f], 5, observation, false, false);
        learner.Export(out _, out after);
        Assert.NotEqual(parameters, after);
    }

    [Fact]
    public void TryAdapt_RecurrentOrWithoutExploration_SaysWhy()
    {
        var gru = new NetworkSpec([LayerSpec.Gru(3, 4), LayerSpec.Dense(4, 1, Activation.Identity)]);
        Assert.False(StreamAcLearner.TryAdapt(gru, new float[gru.ParameterCount], 0.1, s_options, 1, out _, out string problem));
        Assert.Contains("Gru", problem, StringComparison.Ordinal);
        NetworkSpec mlp = NetworkSpec.Mlp([3, 4, 1], Activation.Relu, Activation.Identity);
        Assert.False(StreamAcLearner.TryAdapt(mlp, new float[mlp.ParameterCount], 0, s_options, 1, out _, out problem));
        Assert.Contains("exploration", problem, StringComparison.Ordinal);
    }

    // ∂ log π and ∂ H against finite differences in double.
    [Fact]
    public void Differentiate_Head_EqualsFiniteDifferences()
    {
        var head = new StreamHead(1, 0, new SeededRandom(1));
        double[] outputs = [0.3, -0.8];
        const double action = 0.9, weight = 0.2, step = 1e-5;
        float* single = stackalloc float[2] { 0.3f, -0.8f };
        float* gradient = stackalloc float[2];
        head.Differentiate(single, [(float)action], (float)weight, gradient);
        for (int i = 0; i < 2; i++)
        {
            double kept = outputs[i];
            outputs[i] = kept + step;
            double above = Objective();
            outputs[i] = kept - step;
            double below = Objective();
            outputs[i] = kept;
            Assert.Equal((above - below) / (2 * step), gradient[i], 1e-4);
        }

        double Objective()
        {
            double sigma = Math.Log(1 + Math.Exp(outputs[1])), z = (action - outputs[0]) / sigma;
            return (-z * z / 2) - Math.Log(sigma) + (weight * Math.Log(sigma));
        }
    }

    [Fact]
    public void Normalise_Stream_EqualsMeanAndVariance()
    {
        var scale = new RunningScale(1);
        var random = new SeededRandom(1);
        double[] values = [.. Enumerable.Range(0, 1000).Select(_ => 5 + (2 * random.NextGaussian()))];
        float normal = 0;
        foreach (double value in values)
            scale.Normalise([(float)value], &normal);
        double mean = values.Average(), variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
        Assert.Equal((values[^1] - mean) / Math.Sqrt(variance), normal, 1e-4);
    }
}
