using System.Diagnostics;
using System.Text.Json;
using Robotics.Core;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;
using Robotics.Tests.Shared;

namespace Robotics.Learner.Tests.Networks;

/// <summary>Every layer's gradients against PyTorch's autograd in float32, on random networks. Skipped where Debian's python3-torch is missing.</summary>
public sealed unsafe class TorchGradientTests
{
    private const double Tolerance = 1e-4; // of the largest entry of each tensor
    private const int Perceptrons = 80;
    private const int Recurrents = 20;
    private const string Python = "/usr/bin/python3";

    [Fact]
    public void Backward_100RandomNetworks_EqualsAutograd()
    {
        Assert.SkipUnless(HasTorch(), "needs python3-torch (Debian): apt-get install python3-torch");
        var random = new SeededRandom(42, "networks");
        var cases = new List<(string Json, List<float[]> Gradients)>();
        for (int i = 0; i < Perceptrons; i++)
            cases.Add(Perceptron(random));
        for (int i = 0; i < Recurrents; i++)
            cases.Add(Recurrent(random));
        float[][][] expected = Autograd(cases.Select(c => c.Json));
        double worst = 0;
        for (int i = 0; i < cases.Count; i++)
        {
            Assert.Equal(expected[i].Length, cases[i].Gradients.Count);
            for (int t = 0; t < expected[i].Length; t++)
                worst = Math.Max(worst, RelativeDifference(expected[i][t], cases[i].Gradients[t], $"network {i}, tensor {t}"));
        }
        Assert.True(worst > 0, "nothing was compared");
        TestContext.Current.TestOutputHelper!.WriteLine($"worst relative difference of 100 networks: {worst:E2}");
    }

    private static double RelativeDifference(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Max(e => Math.Abs((double)e)), difference = expected.Zip(actual, (e, a) => Math.Abs((double)e - a)).Max();
        // A bias before a normalisation has no gradient at all: what either side has left of it is rounding.
        double relative = difference / Math.Max(scale, 1e-3);
        Assert.True(relative <= Tolerance, $"{what}: {relative} of the largest entry {scale}");
        return relative;
    }

    private static (string Json, List<float[]> Gradients) Perceptron(SeededRandom random)
    {
        var normalisation = (Normalisation)random.NextInt(3);
        var hidden = (Activation)random.NextInt(4);
        int[] widths = [.. Enumerable.Range(0, 3 + random.NextInt(2)).Select(i => 16 * (1 + random.NextInt(4)))];
        (widths[0], widths[^1]) = (1 + random.NextInt(40), 1 + random.NextInt(9));
        var shape = new MlpShape(widths, hidden, random.NextInt(2) == 0 ? Activation.Identity : Activation.FastTanh, normalisation);
        int batch = 1 + random.NextInt(40);
        using var network = new Mlp(shape, DenseKernels.For(KernelChoice.Auto));
        network.Initialize(random);
        if (normalisation == Normalisation.Affine)
            Shake(network.Parameters.Span[network.GainIndex(0)..], random);
        using var trace = new MlpTrace(shape, batch);
        using var gradient = new AlignedBuffer(shape.ParameterLength);
        using var memory = new AlignedBuffer((long)batch * DenseShape.StrideFor(widths[0]));
        var input = new Matrix((nint)memory.Pointer, batch, widths[0], DenseShape.StrideFor(widths[0]));
        float[] x = Gaussians(batch * widths[0], random), direction = Gaussians(batch * widths[^1], random);
        Fill(input, x);
        network.Forward(input, trace);
        Fill(trace.OutputGradient, direction);
        network.Backward(trace, gradient, inputFrom: 0);
        var gradients = new List<float[]>();
        var layers = new List<object>();
        for (int l = 0; l < shape.Layers.Count; l++)
            layers.Add(Layer(network, l, gradient.Span, gradients));
        gradients.Add(Flat(trace.InputGradient));
        return (JsonSerializer.Serialize(new { kind = "mlp", batch, input = x, direction, layers }), gradients);
    }

    private static object Layer(Mlp network, int l, ReadOnlySpan<float> gradient, List<float[]> gradients)
    {
        DenseShape size = network.Shape.Layers[l];
        var weight = new float[size.Outputs * size.Inputs];
        float[] dWeight = new float[weight.Length], bias = new float[size.Outputs], dBias = new float[size.Outputs];
        float[] gain = new float[size.Outputs], shift = new float[size.Outputs], dGain = new float[size.Outputs], dShift = new float[size.Outputs];
        bool affine = network.Shape.IsNormalised(l) && network.Shape.Normalisation == Normalisation.Affine;
        for (int n = 0; n < size.Outputs; n++)
        {
            for (int k = 0; k < size.Inputs; k++)
                (weight[(n * size.Inputs) + k], dWeight[(n * size.Inputs) + k]) = (network.Weight(l, n, k), gradient[network.WeightIndex(l, n, k)]);
            (bias[n], dBias[n]) = (network.Bias(l, n), gradient[network.BiasIndex(l, n)]);
            if (!affine)
                continue;
            (gain[n], dGain[n]) = (network.Gain(l, n), gradient[network.GainIndex(l) + n]);
            (shift[n], dShift[n]) = (network.Shift(l, n), gradient[network.GainIndex(l) + size.Outputs + n]);
        }
        gradients.AddRange(affine ? [dWeight, dBias, dGain, dShift] : [dWeight, dBias]);
        return new
        {
            inputs = size.Inputs,
            outputs = size.Outputs,
            weight,
            bias,
            gain,
            shift,
            activation = $"{network.Shape.ActivationAfter(l)}",
            normalisation = $"{(network.Shape.IsNormalised(l) ? network.Shape.Normalisation : Normalisation.None)}",
        };
    }

    private static (string Json, List<float[]> Gradients) Recurrent(SeededRandom random)
    {
        int inputs = 1 + random.NextInt(20), units = 16 * (1 + random.NextInt(3)), batch = 1 + random.NextInt(20), steps = 1 + random.NextInt(8);
        using var gru = new Gru(inputs, units, DenseKernels.For(KernelChoice.Auto));
        gru.Initialize(random);
        using var run = new GruPass(gru, batch, steps, Gaussians(steps * batch * inputs, random), Gaussians(steps * batch * units, random));
        run.Run();
        Span<float> p = gru.Parameters.Span, g = run.Gradient.Span;
        var tensors = new List<float[]>();
        var gradients = new List<float[]>();
        Read(3 * units * inputs, i => gru.InputWeightIndex(i / inputs, i % inputs), p, g);
        Read(3 * units * units, i => gru.HiddenWeightIndex(i / units, i % units), p, g);
        Read(3 * units, gru.InputBiasIndex, p, g);
        Read(3 * units, gru.HiddenBiasIndex, p, g);
        gradients.Add([.. Enumerable.Range(0, steps).SelectMany(t => Flat(run.Trace.InputGradient(t)))]);
        return (
            JsonSerializer.Serialize(new
            {
                kind = "gru",
                inputs,
                units,
                batch,
                steps,
                input = run.Input,
                direction = run.Direction,
                wi = tensors[0],
                wh = tensors[1],
                bi = tensors[2],
                bh = tensors[3],
            }),
            gradients);

        void Read(int length, Func<int, int> indexOf, ReadOnlySpan<float> parameters, ReadOnlySpan<float> gradient)
        {
            float[] values = new float[length], slopes = new float[length];
            for (int i = 0; i < length; i++)
                (values[i], slopes[i]) = (parameters[indexOf(i)], gradient[indexOf(i)]);
            tensors.Add(values);
            gradients.Add(slopes);
        }
    }

    private static float[][][] Autograd(IEnumerable<string> cases)
    {
        string file = Path.Combine(Path.GetTempPath(), $"gradients-{Guid.NewGuid():N}.json");
        try
        {
            File.WriteAllLines(file, cases);
            var start = new ProcessStartInfo(Python, [Path.Combine(SharedData.RepositoryRoot, "tests", "peers", "torch_gradients.py"), file]) { RedirectStandardOutput = true, UseShellExecute = false };
            using Process process = Process.Start(start)!;
            string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return [.. lines.Select(line => JsonSerializer.Deserialize<float[][]>(line)!)];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static bool HasTorch()
    {
        if (!File.Exists(Python))
            return false;
        using Process process = Process.Start(new ProcessStartInfo(Python, ["-c", "import torch"]) { RedirectStandardError = true, UseShellExecute = false })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static void Shake(Span<float> values, SeededRandom random)
    {
        foreach (ref float value in values)
            value += 0.2f * (float)random.NextGaussian();
    }

    private static float[] Gaussians(int count, SeededRandom random) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];

    private static void Fill(Matrix matrix, float[] values)
    {
        for (int b = 0; b < matrix.Rows; b++)
            values.AsSpan(b * matrix.Columns, matrix.Columns).CopyTo(matrix.Span(b));
    }

    private static float[] Flat(Matrix matrix) => [.. Enumerable.Range(0, matrix.Rows).SelectMany(b => matrix.Span(b).ToArray())];
}
