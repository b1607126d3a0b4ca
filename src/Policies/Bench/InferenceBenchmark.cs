using Robotics.Core;

namespace Robotics.Policies;

/// <summary>Measures one forward pass of the networks that fly: <c>robotics bench inference</c>.</summary>
/// <remarks>Per network the median and the fastest tenth over rounds of the mean time of one call; rounds of the networks are interleaved, so
/// that a busy moment of the machine hits all alike. On a core whose caches another tenant shares, rounds are of two kinds, a third apart.</remarks>
public sealed class InferenceBenchmark
{
    private const int Calls = 500; // some 0.2 ms: most rounds fit between two interruptions
    private readonly IClock _clock;
    private readonly PolicyKernel _kernel;

    /// <summary>A benchmark that reads <paramref name="clock"/> and runs the form <paramref name="kernel"/>.</summary>
    public InferenceBenchmark(IClock clock, PolicyKernel kernel = PolicyKernel.Auto)
    {
        _clock = clock ?? throw new ArgumentNullException(nameof(clock));
        _kernel = kernel;
    }

    /// <summary>Runs <paramref name="rounds"/> interleaved rounds.</summary>
    public InferenceFigures Run(int rounds = 501)
    {
        NetworkSpec[] specs =
        [
            NetworkSpec.Mlp([32, 64, 64, 4], Activation.FastTanh, Activation.FastTanh),
            NetworkSpec.Mlp([146, 64, 64, 4], Activation.FastTanh, Activation.FastTanh),
            new([LayerSpec.Dense(22, 16, Activation.Relu), LayerSpec.Gru(16, 16), LayerSpec.Dense(16, 4, Activation.Identity)]),
        ];
        var random = new SeededRandom(1, "bench inference");
        PolicyNetwork[] networks = [.. specs.Select(s => Create(s, random))];
        double[][] times = [.. specs.Select(_ => new double[rounds])];
        // The first rounds compile; only the later ones count.
        for (int round = -rounds; round < rounds; round++)
        {
            for (int n = 0; n < networks.Length; n++)
            {
                double time = Time(networks[n], random);
                if (round >= 0)
                    times[n][round] = time;
            }
        }
        return new InferenceFigures(Summary(times[0]), Summary(times[1]), Summary(times[2]), networks[0].VectorWidth);
    }

    private PolicyNetwork Create(NetworkSpec spec, SeededRandom random)
    {
        var parameters = new float[spec.ParameterCount];
        for (int i = 0; i < parameters.Length; i++)
            parameters[i] = (float)random.NextUniform(-0.2, 0.2);
        return PolicyNetwork.Create(spec, parameters, _kernel);
    }

    private double Time(PolicyNetwork network, SeededRandom random)
    {
        Span<float> observation = stackalloc float[network.ObservationLength];
        Span<float> action = stackalloc float[network.ActionLength];
        foreach (ref float value in observation)
            value = (float)random.NextUniform(-1, 1);
        long start = _clock.NowNs;
        for (int i = 0; i < Calls; i++)
            network.Act(observation, action);
        return (double)(_clock.NowNs - start) / Calls;
    }

    private static InferenceTime Summary(double[] values)
    {
        Array.Sort(values);
        return new InferenceTime(values[values.Length / 2], values[values.Length / 10]);
    }
}
