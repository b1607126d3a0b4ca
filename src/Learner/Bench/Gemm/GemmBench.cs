using Robotics.Core;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;

namespace Robotics.Learner.Bench.Gemm;

/// <summary>The three products of a dense layer, the own kernels and OpenBLAS in turns on one thread: where a BLAS backend would be worth it.</summary>
public sealed unsafe class GemmBench : IDisposable
{
    private const int Rounds = 15; // the median counts
    private const long FlopPerRound = 200_000_000; // about a millisecond: long beside the clock, short beside a time slice
    private readonly DenseKernels _kernels;
    private readonly OpenBlas? _blas;
    private readonly DenseShape _shape;
    private readonly AlignedBuffer _memory;
    private readonly AlignedBuffer _panels, _transposed, _bias, _panelGradient;
    private readonly Matrix _x, _y, _dy, _dx, _w, _dw;

    /// <summary>A layer of <paramref name="inputs"/> x <paramref name="outputs"/> with random values, for batches of <paramref name="batch"/>.</summary>
    public GemmBench(int batch, int inputs, int outputs, DenseKernels kernels, OpenBlas? blas)
    {
        (_kernels, _blas, _shape) = (kernels, blas, new DenseShape(inputs, outputs));
        int narrow = DenseShape.StrideFor(inputs), wide = DenseShape.StrideFor(outputs);
        _memory = new AlignedBuffer((2L * batch * (narrow + wide)) + (2L * inputs * wide));
        nint at = (nint)_memory.Pointer;
        (_x, _dx) = (Take(ref at, batch, inputs, narrow), Take(ref at, batch, inputs, narrow));
        (_y, _dy) = (Take(ref at, batch, outputs, wide), Take(ref at, batch, outputs, wide));
        (_w, _dw) = (Take(ref at, inputs, outputs, wide), Take(ref at, inputs, outputs, wide));
        (_panels, _panelGradient) = (new AlignedBuffer(_shape.WeightLength), new AlignedBuffer(_shape.WeightLength));
        (_transposed, _bias) = (new AlignedBuffer(_shape.TransposedLength), new AlignedBuffer(2L * _shape.PaddedOutputs));
        var random = new SeededRandom(1);
        Fill(_x, random);
        Fill(_dy, random);
        Fill(_w, random);
        for (int k = 0; k < inputs; k++)
        {
            for (int n = 0; n < outputs; n++)
                _panels.Pointer[_shape.IndexOf(n, k)] = _w.Row(k)[n];
        }
        _kernels.Transpose(_shape, _panels.Pointer, _transposed.Pointer);
    }

    /// <summary>Measures the layer.</summary>
    public GemmFigures Run(IClock clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return new GemmFigures(
            $"{_x.Rows}x{_shape.Inputs}x{_shape.Outputs}",
            Compare(clock, Forward, () => _blas!.Forward(_x, _w, _y)),
            Compare(clock, BackwardInput, () => _blas!.BackwardInput(_dy, _w, _dx)),
            Compare(clock, BackwardWeights, () => _blas!.BackwardWeights(_x, _dy, _dw)));
    }

    /// <summary>Greatest difference between the two sides' results, as a share of OpenBLAS's greatest entry; NaN or infinite where that is 0; 0 where there
    /// is no OpenBLAS.</summary>
    public double Difference()
    {
        if (_blas is null)
            return 0;
        double worst = Math.Max(Compared(Forward, () => _blas.Forward(_x, _w, _y), _y), Compared(BackwardInput, () => _blas.BackwardInput(_dy, _w, _dx), _dx));
        BackwardWeights();
        _blas.BackwardWeights(_x, _dy, _dw);
        double largest = 0, difference = 0;
        for (int k = 0; k < _shape.Inputs; k++)
        {
            for (int n = 0; n < _shape.Outputs; n++)
            {
                largest = Math.Max(largest, Math.Abs(_dw.Row(k)[n]));
                difference = Math.Max(difference, Math.Abs(_dw.Row(k)[n] - _panelGradient.Pointer[_shape.IndexOf(n, k)]));
            }
        }
        return Math.Max(worst, difference / largest);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AlignedBuffer buffer in (AlignedBuffer[])[_memory, _panels, _transposed, _bias, _panelGradient])
            buffer.Dispose();
    }

    private void Forward() => _kernels.Forward(_shape, _x, _panels.Pointer, _bias.Pointer, _y, Activation.Identity, default);

    private void BackwardInput() => _kernels.BackwardInput(_shape, _dy, _transposed.Pointer, _dx, Activation.Identity, default);

    private void BackwardWeights() => _kernels.BackwardWeights(_shape, _x, _dy, _panelGradient.Pointer, _bias.Pointer + _shape.PaddedOutputs);

    private GemmPair Compare(IClock clock, Action ours, Action theirs)
    {
        double flop = 2.0 * _x.Rows * _shape.Inputs * _shape.Outputs;
        int calls = (int)Math.Max(1, FlopPerRound / flop);
        double[] own = new double[Rounds], blas = new double[Rounds];
        for (int round = -2; round < Rounds; round++) // the first two warm up
        {
            double a = calls * flop / Nanoseconds(clock, ours, calls), b = _blas is null ? 0 : calls * flop / Nanoseconds(clock, theirs, calls);
            if (round >= 0)
                (own[round], blas[round]) = (a, b);
        }
        Array.Sort(own);
        Array.Sort(blas);
        return new GemmPair(own[Rounds / 2], _blas is null ? null : blas[Rounds / 2]);
    }

    private static long Nanoseconds(IClock clock, Action act, int calls)
    {
        long start = clock.NowNs;
        for (int i = 0; i < calls; i++)
            act();
        return Math.Max(1, clock.NowNs - start);
    }

    private static double Compared(Action ours, Action theirs, Matrix result)
    {
        ours();
        float[] own = Values(result);
        theirs();
        float[] other = Values(result);
        return own.Zip(other, (a, b) => Math.Abs((double)a - b)).Max() / other.Max(v => Math.Abs((double)v));
    }

    private static float[] Values(Matrix m) => [.. Enumerable.Range(0, m.Rows).SelectMany(r => m.Span(r).ToArray())];

    private static Matrix Take(ref nint at, int rows, int columns, int stride)
    {
        var taken = new Matrix(at, rows, columns, stride);
        at += (nint)rows * stride * sizeof(float);
        return taken;
    }

    private static void Fill(Matrix matrix, SeededRandom random)
    {
        for (int row = 0; row < matrix.Rows; row++)
        {
            foreach (ref float value in matrix.Span(row))
                value = (float)random.NextGaussian();
        }
    }
}
