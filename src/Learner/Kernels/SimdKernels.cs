using System.Runtime.CompilerServices;

namespace Robotics.Learner.Kernels;

/// <summary>Constants shared by all forms of the kernels.</summary>
internal static class SimdKernels
{
    /// <summary>Slope of the leaky ReLU below zero: PyTorch's default, streaming-drl.</summary>
    public const float LeakySlope = 0.01f;
}

/// <summary>The kernels over registers of one width; the tiles are in the partial file.</summary>
/// <remarks>Eight rows by two registers keeps 16 accumulators: with AVX-512 (32 registers) that saturates two FMA units of latency 4.
/// Machines with 16 registers use four rows by two.</remarks>
internal sealed unsafe partial class SimdKernels<TLanes, TVector> : DenseKernels
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const int Panel = DenseShape.PanelWidth;

    // 32 registers hold the 8x2 tile: AVX-512 has them, and so has NEON; AVX2 and SSE have 16.
    private static bool HasTallTile =>
        TLanes.Width == 16 || (TLanes.Width == 4 && System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported);

    public override string Name =>
        TLanes.Width switch
        {
            16 => "avx512",
            8 => "avx2",
            _ => "vector128",
        };

    public override void Forward(
        DenseShape shape,
        Matrix x,
        float* weights,
        float* bias,
        Matrix y,
        Activation activation,
        Matrix derivative
    )
    {
        int panelLength = shape.PaddedInputs * Panel;
        float slope = SlopeOf(activation);
        if (IsSingle(shape))
        {
            ForwardSingle(shape, x, weights, *bias, slope, y);
            if (activation == Activation.FastTanh)
                Activate(activation, y, derivative, 0, x.Rows, shape.PaddedOutputs);
            return;
        }
        for (int row = 0; row < x.Rows;)
        {
            int height = RowsAt(x.Rows - row);
            MultiplyRows(height, x.Row(row), x.Stride, weights, panelLength, shape.Inputs, shape.PaddedOutputs, bias, slope, y.Row(row), y.Stride);
            if (activation == Activation.FastTanh)
                Activate(activation, y, derivative, row, height, shape.PaddedOutputs);
            row += height;
        }
    }

    public override void BackwardInput(
        DenseShape shape,
        Matrix dy,
        float* transposed,
        Matrix dx,
        Activation previous,
        Matrix gate,
        int firstPanel = 0,
        int* rows = null
    )
    {
        int panelLength = shape.Outputs * Panel;
        int first = firstPanel * Panel;
        int columns = ((shape.Inputs + Panel - 1) / Panel * Panel) - first;
        float* panels = transposed + ((nint)firstPanel * panelLength);
        for (int row = 0; row < dy.Rows;)
        {
            int height = RowsAt(dy.Rows - row);
            MultiplyRows(height, dy.Row(row), dy.Stride, panels, panelLength, shape.Outputs, columns, null, 1, dx.Row(row) + first, dx.Stride);
            ApplySlope(previous, dx, gate, rows, row, height, first, columns);
            row += height;
        }
    }

    public override void BackwardWeights(DenseShape shape, Matrix x, Matrix dy, float* weightGradient, float* biasGradient)
    {
        if (IsSingle(shape))
        {
            BackwardWeightsSingle(shape, x, dy, weightGradient, biasGradient);
            return;
        }
        int columns = shape.PaddedOutputs;
        int panelLength = shape.PaddedInputs * Panel;
        int w = TLanes.Width;
        for (int n = 0; n < columns;)
        {
            bool two = n + (2 * w) <= columns;
            float* c0 = weightGradient + (n / Panel * (nint)panelLength) + (n % Panel);
            float* c1 = two ? weightGradient + ((n + w) / Panel * (nint)panelLength) + ((n + w) % Panel) : c0;
            for (int k = 0; k < shape.PaddedInputs; k += HasTallTile ? 8 : 4)
            {
                if (two && HasTallTile)
                    OuterTile8x2(x.Row(0) + k, x.Stride, dy.Row(0) + n, dy.Stride, x.Rows, c0 + (k * Panel), c1 + (k * Panel));
                else if (two)
                    OuterTile4x2(x.Row(0) + k, x.Stride, dy.Row(0) + n, dy.Stride, x.Rows, c0 + (k * Panel), c1 + (k * Panel));
                else if (HasTallTile)
                    OuterTile8x1(x.Row(0) + k, x.Stride, dy.Row(0) + n, dy.Stride, x.Rows, c0 + (k * Panel));
                else
                    OuterTile4x1(x.Row(0) + k, x.Stride, dy.Row(0) + n, dy.Stride, x.Rows, c0 + (k * Panel));
            }
            n += two ? 2 * w : w;
        }
        SumRows(dy, columns, biasGradient);
    }

    // What a tile bends its sums with before it stores them; the rational tanh is a pass of its own.
    private static float SlopeOf(Activation activation) =>
        activation switch
        {
            Activation.Relu => 0,
            Activation.LeakyRelu => SimdKernels.LeakySlope,
            _ => 1,
        };

    private static int RowsAt(int left) => left >= 8 && HasTallTile ? 8 : left >= 4 ? 4 : 1;

    // c[height][columns] = bend(a[height][depth] · panels + bias), two registers of columns at a time.
    private static void MultiplyRows(
        int height,
        float* a,
        int aStride,
        float* panels,
        int panelLength,
        int depth,
        int columns,
        float* bias,
        float slope,
        float* c,
        int cStride
    )
    {
        int w = TLanes.Width;
        for (int n = 0; n < columns;)
        {
            bool two = n + (2 * w) <= columns;
            float* b0 = panels + (n / Panel * (nint)panelLength) + (n % Panel);
            float* b1 = two ? panels + ((n + w) / Panel * (nint)panelLength) + ((n + w) % Panel) : b0;
            float* start = bias is null ? null : bias + n;
            switch (height, two)
            {
                case (8, true):
                    Tile8x2(a, aStride, b0, b1, depth, start, slope, c + n, cStride);
                    break;
                case (8, false):
                    Tile8x1(a, aStride, b0, depth, start, slope, c + n, cStride);
                    break;
                case (4, true):
                    Tile4x2(a, aStride, b0, b1, depth, start, slope, c + n, cStride);
                    break;
                case (4, false):
                    Tile4x1(a, aStride, b0, depth, start, slope, c + n, cStride);
                    break;
                case (_, true):
                    Tile1x2(a, b0, b1, depth, start, slope, c + n);
                    break;
                default:
                    Tile1x1(a, b0, depth, start, slope, c + n);
                    break;
            }
            n += two ? 2 * w : w;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumRows(Matrix source, int columns, float* sums)
    {
        for (int n = 0; n < columns; n += TLanes.Width)
        {
            TVector even = TLanes.Broadcast(0);
            TVector odd = even;
            float* p = source.Row(0) + n;
            int row = 0;
            for (; row + 1 < source.Rows; row += 2, p += 2 * source.Stride)
            {
                even = TLanes.Add(even, TLanes.Load(p));
                odd = TLanes.Add(odd, TLanes.Load(p + source.Stride));
            }
            if (row < source.Rows)
                even = TLanes.Add(even, TLanes.Load(p));
            TLanes.Store(sums + n, TLanes.Add(even, odd));
        }
    }
}
