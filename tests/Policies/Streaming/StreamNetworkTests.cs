using Robotics.Policies.Streaming;

namespace Robotics.Policies.Tests.Streaming;

/// <summary>The plain streaming kernels against finite differences, the fast ones against the plain ones.</summary>
public sealed unsafe class StreamNetworkTests
{
    public static TheoryData<Activation, bool> Forms() => new()
    {
        { Activation.LeakyRelu, true },
        { Activation.LeakyRelu, false },
        { Activation.Relu, false },
        { Activation.FastTanh, true },
        { Activation.FastTanh, false },
        { Activation.Tanh, false },
    };

    // z after one trace with decay 0 is the gradient: every tenth weight against a central difference of the network's output.
    [Theory]
    [MemberData(nameof(Forms))]
    public void Trace_DecayZero_IsTheGradient(Activation hidden, bool normalise)
    {
        StreamNetwork network = Make(hidden, normalise, PolicyKernel.Plain, seed: 3);
        float[] slope = [0.7f, -0.4f];
        network.Forward();
        slope.CopyTo(new Span<float>(network.OutputGradient, 2));
        network.Trace(0);
        (int checkedWeights, int kinks) = (0, 0);
        for (int l = 0; l < network.LayerCount; l++)
        {
            (int inputs, int outputs) = network.SizeOf(l);
            for (int i = 0; i < (inputs + 1) * outputs; i += 10)
            {
                (int k, int n) = (i / outputs, i % outputs);
                double wide = Difference(network, slope, ref network.Weight(l, n, k), 2e-3f), expected = Difference(network, slope, ref network.Weight(l, n, k), 1e-3f);
                double tolerance = 0.01 * Math.Max(0.1, Math.Abs(expected));
                checkedWeights++;
                if (Math.Abs(wide - expected) > tolerance)
                    kinks++; // a unit's sum changes its sign inside the difference: it has no one slope
                else
                    Assert.Equal(expected, network.TraceOf(l, n, k), tolerance);
            }
        }
        Assert.True(kinks < checkedWeights / 20, $"{kinks} of {checkedWeights}");
    }

    [Theory]
    [InlineData(PolicyKernel.Vector128)]
    [InlineData(PolicyKernel.Vector256)]
    [InlineData(PolicyKernel.Vector512)]
    public void TraceAndStep_EveryWidth_EqualsPlain(PolicyKernel kernel)
    {
        foreach ((Activation hidden, bool normalise) in ((Activation, bool)[])[(Activation.LeakyRelu, true), (Activation.FastTanh, false), (Activation.Tanh, false), (Activation.Relu, false)])
        {
            StreamNetwork plain = Make(hidden, normalise, PolicyKernel.Plain, seed: 4), fast = Make(hidden, normalise, kernel, seed: 4);
            foreach (StreamNetwork network in (StreamNetwork[])[plain, fast])
            {
                for (int step = 0; step < 5; step++)
                {
                    Fill(network, (ulong)step);
                    network.Forward();
                    (network.OutputGradient[0], network.OutputGradient[1]) = (1, -0.5f);
                    network.Trace(0.7f);
                    network.Step(0.3f, 1, 2, ends: step == 2);
                }
            }
            AssertClose(plain, fast);
        }
    }

    [Theory]
    [InlineData(PolicyKernel.Plain)]
    [InlineData(PolicyKernel.Vector128)]
    [InlineData(PolicyKernel.Vector256)]
    [InlineData(PolicyKernel.Vector512)]
    public void ForwardBoth_TwoInputs_EqualsForwardOfEach(PolicyKernel kernel)
    {
        foreach ((Activation hidden, bool normalise) in ((Activation, bool)[])[(Activation.LeakyRelu, true), (Activation.FastTanh, false)])
        {
            var network = new StreamNetwork([5, 144, 32, 2], hidden, Activation.Identity, normalise, kernel);
            network.InitializeSparse(new SeededRandom(6), 0.3);
            Fill(network, 2);
            float[] second = [.. new Span<float>(network.Forward(), 2)];
            new Span<float>(network.Input, 5).CopyTo(new Span<float>(network.OtherInput, 5));
            Fill(network, 1);
            float[] first = [.. new Span<float>(network.Forward(), 2)];
            network.ForwardBoth();
            for (int i = 0; i < 2; i++)
            {
                Assert.Equal(first[i], network.Output[i], 1e-6);
                Assert.Equal(second[i], network.OtherOutput[i], 1e-6);
            }
            Assert.NotEqual(first[0], second[0]);
        }
    }

    // A step is applied by the forward pass that follows it, or at once where somebody looks: the same bits either way.
    [Theory]
    [InlineData(PolicyKernel.Plain)]
    [InlineData(PolicyKernel.Vector128)]
    [InlineData(PolicyKernel.Vector256)]
    [InlineData(PolicyKernel.Vector512)]
    public void Step_LookedAtOrNot_GivesTheSameWeights(PolicyKernel kernel)
    {
        StreamNetwork idle = Make(Activation.LeakyRelu, true, kernel, seed: 7), watched = Make(Activation.LeakyRelu, true, kernel, seed: 7);
        float begin = idle.Weight(0, 0, 0);
        for (int step = 0; step < 6; step++)
        {
            foreach (StreamNetwork network in (StreamNetwork[])[idle, watched])
            {
                Fill(network, (ulong)step);
                new Span<float>(network.Input, 5).CopyTo(new Span<float>(network.OtherInput, 5));
                if (step % 2 == 0)
                    network.Forward();
                else
                    network.ForwardBoth();
                (network.OutputGradient[0], network.OutputGradient[1]) = (1, -0.5f);
                network.Trace(0.7f);
                network.Step(0.3f, 1, 2, ends: step == 3);
            }
            Assert.True(float.IsFinite(watched.Weight(1, 3, 2)));
        }
        for (int l = 0; l < idle.LayerCount; l++)
        {
            (int inputs, int outputs) = idle.SizeOf(l);
            for (int i = 0; i < (inputs + 1) * outputs; i++)
                Assert.Equal(watched.Weight(l, i % outputs, i / outputs), idle.Weight(l, i % outputs, i / outputs));
        }
        Assert.NotEqual(begin, idle.Weight(0, 0, 0));
    }

    // A trace moves z: the step that was taken along the old z comes first.
    [Fact]
    public void Trace_AfterAStep_LeavesTheStepAsItWas()
    {
        StreamNetwork idle = Make(Activation.LeakyRelu, true, PolicyKernel.Auto, seed: 8), watched = Make(Activation.LeakyRelu, true, PolicyKernel.Auto, seed: 8);
        foreach (StreamNetwork network in (StreamNetwork[])[idle, watched])
        {
            network.Forward();
            network.OutputGradient[0] = 1;
            network.Trace(0.7f);
            network.Step(0.3f, 1, 2, ends: false);
            if (network == watched)
                Assert.True(float.IsFinite(network.Weight(0, 0, 0))); // looking applies it
            network.OutputGradient[0] = 1;
            network.Trace(0.7f);
        }
        for (int k = 0; k < 5; k++)
            Assert.Equal(watched.Weight(0, 3, k), idle.Weight(0, 3, k));
    }

    // M = lr κ max(|δ|, 1) ‖z‖₁; the weights move by δ z / M where M is above 1.
    [Fact]
    public void Step_LargeError_IsBounded()
    {
        StreamNetwork network = Make(Activation.LeakyRelu, true, PolicyKernel.Auto, seed: 5);
        network.Forward();
        (network.OutputGradient[0], network.OutputGradient[1]) = (1, 1);
        network.Trace(0);
        double size = 0;
        for (int l = 0; l < network.LayerCount; l++)
        {
            (int inputs, int outputs) = network.SizeOf(l);
            for (int i = 0; i < (inputs + 1) * outputs; i++)
                size += Math.Abs(network.TraceOf(l, i % outputs, i / outputs));
        }
        float before = network.Weight(2, 1, 32), trace = network.TraceOf(2, 1, 32);
        network.Step(error: -4, rate: 1, kappa: 3, ends: false);
        Assert.True(size > 1);
        Assert.Equal(before - (4 * trace / (3 * 4 * size)), network.Weight(2, 1, 32), 1e-6);
        Assert.Equal(trace, network.TraceOf(2, 1, 32));
        network.Step(error: -4, rate: 1, kappa: 3, ends: true);
        Assert.Equal(0, network.TraceOf(2, 1, 32));
    }

    private static StreamNetwork Make(Activation hidden, bool normalise, PolicyKernel kernel, ulong seed)
    {
        var network = new StreamNetwork([5, 48, 32, 2], hidden, Activation.Identity, normalise, kernel);
        network.InitializeSparse(new SeededRandom(seed), 0.3);
        Fill(network, 9);
        return network;
    }

    private static void Fill(StreamNetwork network, ulong seed)
    {
        var random = new SeededRandom(seed, "input");
        for (int i = 0; i < network.SizeOf(0).Inputs; i++)
            network.Input[i] = (float)random.NextGaussian();
    }

    private static double Difference(StreamNetwork network, float[] slope, ref float weight, float step)
    {
        float kept = weight;
        weight = kept + step;
        double above = Loss(network, slope);
        weight = kept - step;
        double below = Loss(network, slope);
        weight = kept;
        return (above - below) / (2 * step);
    }

    private static double Loss(StreamNetwork network, float[] slope)
    {
        float* y = network.Forward();
        return ((double)slope[0] * y[0]) + ((double)slope[1] * y[1]);
    }

    private static void AssertClose(StreamNetwork plain, StreamNetwork fast)
    {
        for (int l = 0; l < plain.LayerCount; l++)
        {
            (int inputs, int outputs) = plain.SizeOf(l);
            for (int i = 0; i < (inputs + 1) * outputs; i++)
            {
                (int k, int n) = (i / outputs, i % outputs);
                Assert.Equal(plain.Weight(l, n, k), fast.Weight(l, n, k), 1e-5);
                Assert.Equal(plain.TraceOf(l, n, k), fast.TraceOf(l, n, k), 1e-4);
            }
        }
    }
}
