using Robotics.Core;

namespace Robotics.Policies.Tests;

/// <summary>Random networks of every kind of layer, with awkward widths.</summary>
internal static class RandomNetworks
{
    private static readonly int[] Widths = [1, 2, 3, 5, 15, 16, 17, 31, 33, 48, 64, 70];

    public static NetworkSpec Spec(SeededRandom random)
    {
        var layers = new List<LayerSpec>();
        int width = Pick(random);
        if (random.NextInt(3) == 0)
            layers.Add(LayerSpec.Normaliser(width));
        int count = 1 + random.NextInt(4);
        for (int i = 0; i < count; i++)
        {
            int next = Pick(random);
            var activation = (Activation)random.NextInt(5);
            layers.Add(
                random.NextInt(3) switch
                {
                    0 => LayerSpec.Gru(width, next),
                    1 when width > 4 => LayerSpec.LayerNorm(width, activation),
                    _ => LayerSpec.Dense(width, next, activation),
                }
            );
            width = layers[^1].Outputs;
        }
        var head = (PolicyHead)random.NextInt(2);
        layers.Add(LayerSpec.Dense(width, head == PolicyHead.TanhGaussian ? 6 : 3, Activation.Identity));
        return new NetworkSpec(layers, head, random.NextInt(2) == 0);
    }

    public static float[] Parameters(NetworkSpec spec, SeededRandom random)
    {
        var parameters = new List<float>();
        foreach (LayerSpec layer in spec.Layers)
        {
            double bound = 1 / Math.Sqrt(layer.Inputs);
            for (long i = 0; i < layer.ParameterCount; i++)
                parameters.Add((float)random.NextUniform(-bound, bound));
        }
        return [.. parameters];
    }

    public static float[] Values(int count, SeededRandom random)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = (float)random.NextGaussian();
        return values;
    }

    private static int Pick(SeededRandom random) => Widths[random.NextInt(Widths.Length)];
}
