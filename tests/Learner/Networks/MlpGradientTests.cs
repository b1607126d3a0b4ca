using Robotics.Core;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;

namespace Robotics.Learner.Tests.Networks;

/// <summary>Reverse mode against central differences of a double-precision forward pass written from the equations.</summary>
public sealed unsafe class MlpGradientTests
{
    private const int Batch = 9;
    private const double H = 1e-6; // small enough that hardly a probe crosses a kink of the ReLUs

    public static TheoryData<Activation, Activation, Normalisation, KernelChoice> Networks() =>
        new()
        {
            { Activation.FastTanh, Activation.FastTanh, Normalisation.None, KernelChoice.Auto },
            { Activation.FastTanh, Activation.Identity, Normalisation.Affine, KernelChoice.Plain },
            { Activation.Relu, Activation.Identity, Normalisation.None, KernelChoice.Auto },
            { Activation.LeakyRelu, Activation.FastTanh, Normalisation.None, KernelChoice.Vector128 },
            { Activation.Relu, Activation.Identity, Normalisation.Affine, KernelChoice.Auto },
            { Activation.FastTanh, Activation.Identity, Normalisation.Affine, KernelChoice.Auto },
            { Activation.LeakyRelu, Activation.Identity, Normalisation.Plain, KernelChoice.Vector128 },
        };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Backward_RandomNetwork_EqualsFiniteDifferences(
        Activation hidden,
        Activation output,
        Normalisation normalisation,
        KernelChoice kernels
    )
    {
        var shape = new MlpShape(normalisation == Normalisation.None ? [11, 24, 17, 3] : [11, 32, 16, 3], hidden, output, normalisation);
        using var network = new Mlp(shape, DenseKernels.For(kernels));
        network.Initialize(new SeededRandom(11));
        foreach (ref float p in network.Parameters.Span[network.GainIndex(0)..])
            p += 0.1f; // gains and shifts away from 1 and 0
        using var trace = new MlpTrace(shape, Batch);
        using var gradient = new AlignedBuffer(shape.ParameterLength);
        using var memory = new AlignedBuffer(Batch * 16);
        var input = new Matrix((nint)memory.Pointer, Batch, 11, 16);
        var random = new SeededRandom(12);
        double[,] direction = new double[Batch, 3]; // L = Σ direction ∘ y
        network.Forward(input, trace);
        for (int b = 0; b < Batch; b++)
        {
            foreach (ref float x in input.Span(b))
                x = (float)random.NextGaussian();
            for (int n = 0; n < 3; n++)
                direction[b, n] = random.NextGaussian();
        }
        network.Forward(input, trace);
        for (int b = 0; b < Batch; b++)
        {
            for (int n = 0; n < 3; n++)
                trace.OutputGradient.Row(b)[n] = (float)direction[b, n];
        }
        network.Backward(trace, gradient, inputFrom: 0);

        double Loss() => LossOf(network, input, direction);
        for (int layer = 0; layer < shape.Layers.Count; layer++)
        {
            for (int probe = 0; probe < 20; probe++)
            {
                int n = random.NextInt(shape.Layers[layer].Outputs);
                int k = random.NextInt(shape.Layers[layer].Inputs);
                int l = layer;
                AssertSlope(() => ref network.Weight(l, n, k), gradient.Span[network.WeightIndex(l, n, k)], Loss);
                AssertSlope(() => ref network.Bias(l, n), gradient.Span[network.BiasIndex(l, n)], Loss);
                if (!shape.IsNormalised(l) || normalisation == Normalisation.Plain)
                    continue;
                AssertSlope(() => ref network.Gain(l, n), gradient.Span[network.GainIndex(l) + n], Loss);
                AssertSlope(() => ref network.Shift(l, n), gradient.Span[network.GainIndex(l) + shape.Layers[l].Outputs + n], Loss);
            }
        }
        for (int k = 0; k < 11; k++)
        {
            int column = k;
            AssertSlope(() => ref input.Row(4)[column], trace.InputGradient.Row(4)[k], Loss);
        }
    }

    // Rows whose gradient is zero may be left out: the others get what they get in the whole batch.
    [Theory]
    [MemberData(nameof(Networks))]
    public void BackwardRows_SomeRows_EqualsTheWholeBatch(Activation hidden, Activation output, Normalisation normalisation, KernelChoice kernels)
    {
        var shape = new MlpShape([11, 32, 16, 3], hidden, output, normalisation);
        using var network = new Mlp(shape, DenseKernels.For(kernels));
        network.Initialize(new SeededRandom(13));
        using var whole = new MlpTrace(shape, Batch);
        using var some = new MlpTrace(shape, Batch);
        using var memory = new AlignedBuffer(Batch * 16);
        var input = new Matrix((nint)memory.Pointer, Batch, 11, 16);
        var random = new SeededRandom(14);
        for (int b = 0; b < Batch; b++)
        {
            foreach (ref float x in input.Span(b))
                x = (float)random.NextGaussian();
        }
        network.Forward(input, whole);
        network.Forward(input, some);
        int[] rows = [0, 3, 4, 7, 8];
        for (int i = 0; i < rows.Length; i++)
        {
            foreach (ref float slope in whole.OutputGradient.Span(rows[i]))
                slope = (float)random.NextGaussian();
            whole.OutputGradient.Span(rows[i]).CopyTo(some.OutputGradient.Span(i));
        }
        network.Backward(whole, gradient: null, inputFrom: 0);
        network.BackwardRows(some, rows, inputFrom: 0);
        for (int i = 0; i < rows.Length; i++)
        {
            for (int k = 0; k < 11; k++)
                Assert.Equal(whole.InputGradient.Row(rows[i])[k], some.InputGradient.Row(i)[k], 1e-6);
        }
        network.BackwardRows(some, [], inputFrom: 0); // a critic that is the least nowhere
    }

    private delegate ref float Place();

    // The parameter is a float, so the step is what the float can hold.
    private static void AssertSlope(Place place, float actual, Func<double> loss)
    {
        float old = place();
        place() = (float)(old + H);
        double up = loss();
        double step = place();
        place() = (float)(old - H);
        double down = loss();
        step -= place();
        place() = old;
        double expected = (up - down) / step;
        Assert.True(Math.Abs(expected - actual) <= 1e-4 * Math.Max(1, Math.Abs(expected)), $"expected {expected}, got {actual}");
    }

    private static double LossOf(Mlp network, Matrix input, double[,] direction)
    {
        double loss = 0;
        for (int b = 0; b < Batch; b++)
        {
            double[] x = [.. input.Span(b).ToArray().Select(v => (double)v)];
            for (int l = 0; l < network.Shape.Layers.Count; l++)
                x = Layer(network, l, x);
            for (int n = 0; n < x.Length; n++)
                loss += direction[b, n] * x[n];
        }
        return loss;
    }

    private static double[] Layer(Mlp network, int l, double[] x)
    {
        var y = new double[network.Shape.Layers[l].Outputs];
        for (int n = 0; n < y.Length; n++)
        {
            y[n] = network.Bias(l, n);
            for (int k = 0; k < x.Length; k++)
                y[n] += network.Weight(l, n, k) * x[k];
        }
        if (network.Shape.IsNormalised(l))
            Normalise(network, l, y);
        for (int n = 0; n < y.Length; n++)
        {
            double c = Math.Clamp(y[n], -3, 3);
            y[n] = network.Shape.ActivationAfter(l) switch
            {
                Activation.Relu => Math.Max(y[n], 0),
                Activation.LeakyRelu => Math.Max(y[n], 0.01 * y[n]),
                Activation.FastTanh => c * (27 + (c * c)) / (27 + (9 * c * c)),
                _ => y[n],
            };
        }
        return y;
    }

    private static void Normalise(Mlp network, int l, double[] z)
    {
        double mean = z.Average();
        double scale = 1 / Math.Sqrt(z.Average(v => (v - mean) * (v - mean)) + 1e-5);
        bool affine = network.Shape.Normalisation == Normalisation.Affine;
        for (int n = 0; n < z.Length; n++)
            z[n] = ((z[n] - mean) * scale * (affine ? network.Gain(l, n) : 1)) + (affine ? network.Shift(l, n) : 0);
    }
}
