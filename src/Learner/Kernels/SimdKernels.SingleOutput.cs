using System.Runtime.CompilerServices;

namespace Robotics.Learner.Kernels;

// Layers of one output: every critic's last one. As a panel fifteen sixteenths of the work would be on padding, so they are dot products.
internal sealed unsafe partial class SimdKernels<TLanes, TVector>
{
    private const int LongestSingle = 4096; // inputs; 16 kB of stack

    private static bool IsSingle(DenseShape shape) => shape.Outputs == 1 && shape.Inputs <= LongestSingle;

    // y[B][0] = bend(x[B] · w + bias).
    private static void ForwardSingle(DenseShape shape, Matrix x, float* panel, float bias, float slope, Matrix y)
    {
        float* w = stackalloc float[shape.Inputs];
        for (int k = 0; k < shape.Inputs; k++)
            w[k] = panel[(nint)k * Panel];
        int row = 0;
        for (; row + 4 <= x.Rows; row += 4)
            Dot4(x.Row(row), x.Stride, w, shape.Inputs, bias, slope, y.Row(row), y.Stride);
        for (; row < x.Rows; row++)
            *y.Row(row) = BendOne(slope, Dot(x.Row(row), w, shape.Inputs) + bias);
    }

    // dw = Σ over the batch of dy x, and db = Σ dy; both in panel form, padding included.
    private static void BackwardWeightsSingle(DenseShape shape, Matrix x, Matrix dy, float* weightGradient, float* biasGradient)
    {
        int wide = 4 * TLanes.Width;
        int padded = (shape.PaddedInputs + wide - 1) / wide * wide;
        float* sums = stackalloc float[padded];
        int k = 0;
        for (; k + wide <= shape.PaddedInputs; k += wide)
            Combine4(x.Row(0) + k, x.Stride, dy, sums + k);
        for (; k < shape.PaddedInputs; k += TLanes.Width)
            Combine1(x.Row(0) + k, x.Stride, dy, sums + k);
        new Span<float>(weightGradient, shape.PaddedInputs * Panel).Clear();
        for (k = 0; k < shape.PaddedInputs; k++)
            weightGradient[k * Panel] = sums[k];
        new Span<float>(biasGradient, Panel).Clear();
        for (int row = 0; row < dy.Rows; row++)
            *biasGradient += *dy.Row(row);
    }

    // Four rows at once share the weights' loads and do not wait for each other's sums. Each row is summed as Dot sums it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dot4(float* x, nint stride, float* w, int length, float bias, float slope, float* y, nint yStride)
    {
        float* x1 = x + stride, x2 = x1 + stride, x3 = x2 + stride;
        TVector r0 = TLanes.Broadcast(0), r1 = r0, r2 = r0, r3 = r0;
        int k = 0;
        for (; k + TLanes.Width <= length; k += TLanes.Width)
        {
            TVector s = TLanes.Load(w + k);
            r0 = TLanes.MultiplyAdd(s, TLanes.Load(x + k), r0);
            r1 = TLanes.MultiplyAdd(s, TLanes.Load(x1 + k), r1);
            r2 = TLanes.MultiplyAdd(s, TLanes.Load(x2 + k), r2);
            r3 = TLanes.MultiplyAdd(s, TLanes.Load(x3 + k), r3);
        }
        y[0] = BendOne(slope, TLanes.Sum(r0) + Rest(x, w, k, length) + bias);
        y[yStride] = BendOne(slope, TLanes.Sum(r1) + Rest(x1, w, k, length) + bias);
        y[2 * yStride] = BendOne(slope, TLanes.Sum(r2) + Rest(x2, w, k, length) + bias);
        y[3 * yStride] = BendOne(slope, TLanes.Sum(r3) + Rest(x3, w, k, length) + bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot(float* x, float* w, int length)
    {
        TVector r = TLanes.Broadcast(0);
        int k = 0;
        for (; k + TLanes.Width <= length; k += TLanes.Width)
            r = TLanes.MultiplyAdd(TLanes.Load(w + k), TLanes.Load(x + k), r);
        return TLanes.Sum(r) + Rest(x, w, k, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Rest(float* x, float* w, int from, int length)
    {
        float sum = 0;
        for (int k = from; k < length; k++)
            sum += x[k] * w[k];
        return sum;
    }

    private static float BendOne(float slope, float y) => MathF.Max(y, slope * y);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine4(float* x, nint stride, Matrix dy, float* sums)
    {
        int w = TLanes.Width;
        TVector even0 = TLanes.Broadcast(0), even1 = even0, even2 = even0, even3 = even0;
        TVector odd0 = even0, odd1 = even0, odd2 = even0, odd3 = even0;
        int row = 0;
        for (; row + 1 < dy.Rows; row += 2, x += 2 * stride)
        {
            TVector s = TLanes.Broadcast(*dy.Row(row)), t = TLanes.Broadcast(*dy.Row(row + 1));
            even0 = TLanes.MultiplyAdd(s, TLanes.Load(x), even0);
            even1 = TLanes.MultiplyAdd(s, TLanes.Load(x + w), even1);
            even2 = TLanes.MultiplyAdd(s, TLanes.Load(x + (2 * w)), even2);
            even3 = TLanes.MultiplyAdd(s, TLanes.Load(x + (3 * w)), even3);
            odd0 = TLanes.MultiplyAdd(t, TLanes.Load(x + stride), odd0);
            odd1 = TLanes.MultiplyAdd(t, TLanes.Load(x + stride + w), odd1);
            odd2 = TLanes.MultiplyAdd(t, TLanes.Load(x + stride + (2 * w)), odd2);
            odd3 = TLanes.MultiplyAdd(t, TLanes.Load(x + stride + (3 * w)), odd3);
        }
        if (row < dy.Rows)
        {
            TVector s = TLanes.Broadcast(*dy.Row(row));
            even0 = TLanes.MultiplyAdd(s, TLanes.Load(x), even0);
            even1 = TLanes.MultiplyAdd(s, TLanes.Load(x + w), even1);
            even2 = TLanes.MultiplyAdd(s, TLanes.Load(x + (2 * w)), even2);
            even3 = TLanes.MultiplyAdd(s, TLanes.Load(x + (3 * w)), even3);
        }
        TLanes.Store(sums, TLanes.Add(even0, odd0));
        TLanes.Store(sums + w, TLanes.Add(even1, odd1));
        TLanes.Store(sums + (2 * w), TLanes.Add(even2, odd2));
        TLanes.Store(sums + (3 * w), TLanes.Add(even3, odd3));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine1(float* x, nint stride, Matrix dy, float* sums)
    {
        TVector sum = TLanes.Broadcast(0);
        for (int row = 0; row < dy.Rows; row++, x += stride)
            sum = TLanes.MultiplyAdd(TLanes.Broadcast(*dy.Row(row)), TLanes.Load(x), sum);
        TLanes.Store(sums, sum);
    }
}
