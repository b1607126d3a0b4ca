using Robotics.Core;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;

namespace Robotics.Learner.Tests.Networks;

public sealed class GruTests
{
    private const int Inputs = 5;
    private const int Units = 16;
    private const int Batch = 3;
    private const int Steps = 4;

    [Theory]
    [InlineData(KernelChoice.Plain)]
    [InlineData(KernelChoice.Auto)]
    public void Backward_ThroughTime_EqualsFiniteDifferences(KernelChoice kernels)
    {
        using var gru = new Gru(Inputs, Units, DenseKernels.For(kernels));
        var random = new SeededRandom(3);
        gru.Initialize(random);
        using GruPass pass = Make(gru, random);
        pass.Run();
        float[] gradient = pass.Gradient.Span.ToArray();
        for (int probe = 0; probe < 60; probe++)
        {
            int output = random.NextInt(3 * Units);
            int[] indices = [gru.InputWeightIndex(output, random.NextInt(Inputs)), gru.HiddenWeightIndex(output, random.NextInt(Units)), gru.InputBiasIndex(output), gru.HiddenBiasIndex(output)];
            foreach (int index in indices)
            {
                double expected = Difference(gru, pass, index);
                Assert.Equal(expected, gradient[index], 2e-2 * Math.Max(0.2, Math.Abs(expected)));
            }
        }
    }

    [Theory]
    [InlineData(KernelChoice.Avx512)]
    [InlineData(KernelChoice.Avx2)]
    [InlineData(KernelChoice.Vector128)]
    public void ForwardAndBackward_EveryWidth_EqualsPlain(KernelChoice kernels)
    {
        Assert.SkipUnless(DenseKernels.IsSupported(kernels), $"this machine has no {kernels}");
        using var plain = new Gru(Inputs, Units, DenseKernels.For(KernelChoice.Plain));
        using var fast = new Gru(Inputs, Units, DenseKernels.For(kernels));
        plain.Initialize(new SeededRandom(4));
        fast.Initialize(new SeededRandom(4));
        using GruPass one = Make(plain, new SeededRandom(5)), other = Make(fast, new SeededRandom(5));
        one.Run();
        other.Run();
        for (int i = 0; i < plain.ParameterLength; i++)
            Assert.Equal(one.Gradient.Span[i], other.Gradient.Span[i], 2e-5f * Math.Max(1, Math.Abs(one.Gradient.Span[i])));
        for (int b = 0; b < Batch; b++)
        {
            for (int u = 0; u < Units; u++)
            {
                Assert.Equal(one.Trace.Output(Steps - 1).Span(b)[u], other.Trace.Output(Steps - 1).Span(b)[u], 1e-5f);
                Assert.Equal(one.Trace.InitialGradient.Span(b)[u], other.Trace.InitialGradient.Span(b)[u], 1e-4f);
            }
        }
    }

    private static GruPass Make(Gru gru, SeededRandom random) =>
        new(gru, Batch, Steps, Gaussians(Steps * Batch * Inputs, random), Gaussians(Steps * Batch * Units, random));

    private static double Difference(Gru gru, GruPass pass, int index)
    {
        const float step = 5e-3f;
        ref float p = ref gru.Parameters.Span[index];
        float kept = p;
        p = kept + step;
        double above = pass.Forward();
        p = kept - step;
        double below = pass.Forward();
        p = kept;
        return (above - below) / (2 * step);
    }

    private static float[] Gaussians(int count, SeededRandom random) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
}
