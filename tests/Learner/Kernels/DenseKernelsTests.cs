using Robotics.Core;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;

namespace Robotics.Learner.Tests.Kernels;

/// <summary>The fast kernels against the plain ones, on shapes with and without remainders.</summary>
public sealed unsafe class DenseKernelsTests
{
    private const float Tolerance = 2e-4f; // sums of up to 256 products of order 1 in float32

    public static TheoryData<KernelChoice, int, int, int> Shapes()
    {
        var data = new TheoryData<KernelChoice, int, int, int>();
        foreach (KernelChoice choice in (KernelChoice[])[KernelChoice.Avx512, KernelChoice.Avx2, KernelChoice.Vector128])
        {
            foreach ((int batch, int inputs, int outputs) in ((int, int, int)[])[(256, 146, 64), (100, 3, 64), (7, 33, 1), (256, 150, 1), (1, 18, 4), (13, 64, 40)])
                data.Add(choice, batch, inputs, outputs);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_AnyShape_EqualsPlain(KernelChoice choice, int batch, int inputs, int outputs)
    {
        Assert.SkipUnless(DenseKernels.IsSupported(choice), $"this machine has no {choice}");
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            using var plain = new Layer(batch, inputs, outputs);
            using var fast = new Layer(batch, inputs, outputs);
            plain.Forward(DenseKernels.For(KernelChoice.Plain), activation);
            fast.Forward(DenseKernels.For(choice), activation);
            AssertClose(plain.Y.Span, fast.Y.Span);
            if (activation == Activation.FastTanh)
                AssertClose(plain.D.Span, fast.D.Span);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Backward_AnyShape_EqualsPlain(KernelChoice choice, int batch, int inputs, int outputs)
    {
        Assert.SkipUnless(DenseKernels.IsSupported(choice), $"this machine has no {choice}");
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            using var plain = new Layer(batch, inputs, outputs);
            using var fast = new Layer(batch, inputs, outputs);
            plain.Backward(DenseKernels.For(KernelChoice.Plain), activation);
            fast.Backward(DenseKernels.For(choice), activation);
            AssertClose(plain.G.Span, fast.G.Span);
            AssertClose(plain.B.Span, fast.B.Span);
            AssertRowsClose(plain.Dx, fast.Dx);
        }
    }

    // A diverged network must show as NaN, not as a policy that looks sane.
    [Theory]
    [InlineData(KernelChoice.Avx512)]
    [InlineData(KernelChoice.Avx2)]
    [InlineData(KernelChoice.Vector128)]
    public void Forward_NaN_GoesThrough(KernelChoice choice)
    {
        Assert.SkipUnless(DenseKernels.IsSupported(choice), $"this machine has no {choice}");
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            foreach (int outputs in (int[])[1, 4, 40])
            {
                using var layer = new Layer(9, 20, outputs);
                layer.Poison(row: 3);
                layer.Forward(DenseKernels.For(choice), activation);
                int stride = DenseShape.StrideFor(outputs);
                Assert.True(float.IsNaN(layer.Y.Span[3 * stride]), $"{activation}, {outputs} outputs");
                Assert.True(float.IsFinite(layer.Y.Span[4 * stride]));
            }
        }
    }

    [Theory]
    [InlineData(KernelChoice.Avx512)]
    [InlineData(KernelChoice.Avx2)]
    [InlineData(KernelChoice.Vector128)]
    public void FastTanh_FromMinusFourToFour_IsTheFormulaAndNeverAboveOne(KernelChoice choice)
    {
        Assert.SkipUnless(DenseKernels.IsSupported(choice), $"this machine has no {choice}");
        const int rows = 4001; // one value a row, every 0.002
        using var x = new AlignedBuffer(rows * 16);
        using var y = new AlignedBuffer(rows * 16);
        using var slopes = new AlignedBuffer(rows * 16);
        using var weights = new AlignedBuffer(16 * 8);
        using var bias = new AlignedBuffer(16);
        weights.Span[0] = 1;
        for (int b = 0; b < rows; b++)
            x.Span[b * 16] = (b - 2000) * 0.002f;
        Matrix Of(AlignedBuffer buffer) => new((nint)buffer.Pointer, rows, 1, 16);
        DenseKernels.For(choice).Forward(new DenseShape(1, 1), Of(x), weights.Pointer, bias.Pointer, Of(y), Activation.FastTanh, Of(slopes));
        for (int b = 0; b < rows; b++)
        {
            double c = Math.Clamp((double)x.Span[b * 16], -3, 3), square = c * c;
            double root = (9 - square) / (3 * (3 + square));
            Assert.Equal(c * (27 + square) / (27 + (9 * square)), y.Span[b * 16], 2e-7);
            Assert.Equal(root * root, slopes.Span[b * 16], 4e-7);
            Assert.InRange(y.Span[b * 16], -1, 1);
        }
    }

    [Theory]
    [InlineData(KernelChoice.Avx512)]
    [InlineData(KernelChoice.Avx2)]
    [InlineData(KernelChoice.Vector128)]
    public void Adam_SameInput_EqualsPlain(KernelChoice choice)
    {
        Assert.SkipUnless(DenseKernels.IsSupported(choice), $"this machine has no {choice}");
        float[] expected = AdamOf(KernelChoice.Plain);
        float[] actual = AdamOf(choice);
        AssertClose(expected, actual);
    }

    [Fact]
    public void For_UnsupportedChoice_NamesWhatTheMachineHas()
    {
        Assert.Throws<PlatformNotSupportedException>(() => DenseKernels.For((KernelChoice)99));
    }

    [Fact]
    public void Gaussian_ManyNumbers_HaveUnitVarianceAndNormalTails()
    {
        var noise = new GaussianNoise(new SeededRandom(3));
        var x = new float[1 << 20];
        noise.Fill(x);
        double mean = x.Average();
        double variance = x.Average(v => (double)v * v);
        double kurtosis = x.Average(v => Math.Pow(v, 4));
        Assert.InRange(mean, -0.005, 0.005); // 5 standard errors of 2^20 draws
        Assert.InRange(variance, 0.993, 1.007);
        Assert.InRange(kurtosis, 2.95, 3.05);
    }

    [Fact]
    public void Gaussian_RestoredState_ContinuesTheSequence()
    {
        var noise = new GaussianNoise(new SeededRandom(3));
        Span<uint> state = stackalloc uint[GaussianNoise.StateLength];
        noise.SaveState(state);
        var first = new float[64];
        noise.Fill(first);
        noise.RestoreState(state);
        var second = new float[64];
        noise.Fill(second);
        Assert.Equal(first, second);
    }

    private static float[] AdamOf(KernelChoice choice)
    {
        var random = new SeededRandom(5);
        using var all = new AlignedBuffer(4 * 64);
        Fill(all.Span, random);
        Span<float> second = all.Span[192..];
        for (int i = 0; i < second.Length; i++)
            second[i] *= second[i];
        var step = new AdamStep(1e-2f, 0.9f, 0.999f, 1.7f, 1e-8f, 0.99f, 0.5f);
        float* p = all.Pointer;
        DenseKernels.For(choice).Adam(p, p + 64, p + 128, p + 192, 64, step);
        DenseKernels.For(choice).Polyak(p + 64, p, 64, 0.9f);
        return all.Span.ToArray();
    }

    private static void Fill(Span<float> target, SeededRandom random)
    {
        foreach (ref float x in target)
            x = (float)random.NextGaussian();
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= Tolerance, $"[{i}]: expected {expected[i]}, got {actual[i]}");
    }

    private static void AssertRowsClose(Matrix expected, Matrix actual)
    {
        for (int b = 0; b < expected.Rows; b++)
            AssertClose(expected.Span(b), actual.Span(b));
    }

    /// <summary>One layer with random weights, inputs and output gradients; padding is zero as the layout asks.</summary>
    private sealed class Layer : IDisposable
    {
        private readonly DenseShape _shape;
        private readonly AlignedBuffer _w;
        private readonly AlignedBuffer _bias;
        private readonly AlignedBuffer _transposed;
        private readonly AlignedBuffer _x;
        private readonly AlignedBuffer _dx;
        private readonly int _batch;

        public Layer(int batch, int inputs, int outputs)
        {
            _shape = new DenseShape(inputs, outputs);
            _batch = batch;
            int sx = DenseShape.StrideFor(inputs);
            int sy = DenseShape.StrideFor(outputs);
            (_w, _bias) = (new AlignedBuffer(_shape.WeightLength), new AlignedBuffer(_shape.PaddedOutputs));
            (_x, Y, D) = (new AlignedBuffer(batch * sx), new AlignedBuffer(batch * sy), new AlignedBuffer(batch * sy));
            (G, B) = (new AlignedBuffer(_shape.WeightLength), new AlignedBuffer(_shape.PaddedOutputs));
            _dx = new AlignedBuffer(batch * sx);
            _transposed = new AlignedBuffer(_shape.TransposedLength);
            var random = new SeededRandom((ulong)(batch + (1000 * inputs) + (1000_000 * outputs)));
            for (int n = 0; n < outputs; n++)
            {
                for (int k = 0; k < inputs; k++)
                    _w.Span[_shape.IndexOf(n, k)] = (float)(random.NextGaussian() / Math.Sqrt(inputs));
                _bias.Span[n] = (float)random.NextGaussian();
            }
            for (int b = 0; b < batch; b++)
            {
                Fill(X.Span(b), random);
                Fill(View(Y, outputs).Span(b), random);
            }
        }

        public AlignedBuffer Y { get; }

        public AlignedBuffer D { get; }

        public AlignedBuffer G { get; }

        public AlignedBuffer B { get; }

        public Matrix Dx => View(_dx, _shape.Inputs);

        private Matrix X => View(_x, _shape.Inputs);

        public void Poison(int row) => *X.Row(row) = float.NaN;

        public void Forward(DenseKernels kernels, Activation activation) =>
            kernels.Forward(_shape, X, _w.Pointer, _bias.Pointer, View(Y, _shape.Outputs), activation, View(D, _shape.Outputs));

        public void Backward(DenseKernels kernels, Activation previous)
        {
            Matrix dy = View(Y, _shape.Outputs);
            kernels.Transpose(_shape, _w.Pointer, _transposed.Pointer);
            kernels.BackwardWeights(_shape, X, dy, G.Pointer, B.Pointer);
            kernels.BackwardInput(_shape, dy, _transposed.Pointer, Dx, previous, X);
        }

        public void Dispose()
        {
            foreach (AlignedBuffer buffer in (AlignedBuffer[])[_w, _bias, _transposed, _x, _dx, Y, D, G, B])
                buffer.Dispose();
        }

        private Matrix View(AlignedBuffer buffer, int columns) =>
            new((nint)buffer.Pointer, _batch, columns, DenseShape.StrideFor(columns));
    }
}
