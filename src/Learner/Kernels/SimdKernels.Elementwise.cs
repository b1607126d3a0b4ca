using System.Runtime.CompilerServices;

namespace Robotics.Learner.Kernels;

// Activations and optimiser steps. Lengths are multiples of 16 by layout (DenseShape), so there are no tails.
internal sealed unsafe partial class SimdKernels<TLanes, TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Adam(float* parameter, float* gradient, float* first, float* second, int length, AdamStep step)
    {
        TVector beta1 = TLanes.Broadcast(step.Beta1);
        TVector beta2 = TLanes.Broadcast(step.Beta2);
        TVector fresh1 = TLanes.Broadcast(1 - step.Beta1);
        TVector fresh2 = TLanes.Broadcast(1 - step.Beta2);
        TVector scale = TLanes.Broadcast(step.GradientScale);
        TVector correction = TLanes.Broadcast(step.SecondCorrection);
        TVector epsilon = TLanes.Broadcast(step.Epsilon);
        TVector rate = TLanes.Broadcast(step.Rate);
        TVector keep = TLanes.Broadcast(step.Keep);
        for (int i = 0; i < length; i += TLanes.Width)
        {
            TVector g = TLanes.Multiply(scale, TLanes.Load(gradient + i));
            TVector m = TLanes.MultiplyAdd(beta1, TLanes.Load(first + i), TLanes.Multiply(fresh1, g));
            TVector v = TLanes.MultiplyAdd(beta2, TLanes.Load(second + i), TLanes.Multiply(fresh2, TLanes.Multiply(g, g)));
            TLanes.Store(first + i, m);
            TLanes.Store(second + i, v);
            TVector denominator = TLanes.Add(TLanes.Sqrt(TLanes.Multiply(v, correction)), epsilon);
            TVector change = TLanes.Multiply(TLanes.Multiply(rate, m), TLanes.Reciprocal(denominator)); // the denominator is at least ε
            TLanes.Store(parameter + i, TLanes.Subtract(TLanes.Multiply(keep, TLanes.Load(parameter + i)), change));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Polyak(float* target, float* source, int length, float keep)
    {
        TVector old = TLanes.Broadcast(keep);
        TVector fresh = TLanes.Broadcast(1 - keep);
        for (int i = 0; i < length; i += TLanes.Width)
        {
            TVector mixed = TLanes.MultiplyAdd(old, TLanes.Load(target + i), TLanes.Multiply(fresh, TLanes.Load(source + i)));
            TLanes.Store(target + i, mixed);
        }
    }

    public override void Add(float* target, float* source, int length)
    {
        for (int i = 0; i < length; i += TLanes.Width)
            TLanes.Store(target + i, TLanes.Add(TLanes.Load(target + i), TLanes.Load(source + i)));
    }

    private static void Activate(Activation activation, Matrix y, Matrix derivative, int row, int height, int columns)
    {
        if (activation == Activation.Identity)
            return;
        for (int r = row; r < row + height; r++)
        {
            float* values = y.Row(r);
            switch (activation)
            {
                case Activation.Relu:
                    LeakyRow(values, columns, 0);
                    break;
                case Activation.LeakyRelu:
                    LeakyRow(values, columns, SimdKernels.LeakySlope);
                    break;
                default:
                    FastTanhRow(values, derivative.Data == 0 ? null : derivative.Row(r), columns);
                    break;
            }
        }
    }

    // max(x, slope x), which for slope 0 is max(x, 0).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LeakyRow(float* values, int columns, float slope)
    {
        TVector factor = TLanes.Broadcast(slope);
        for (int n = 0; n < columns; n += TLanes.Width)
        {
            TVector x = TLanes.Load(values + n);
            TLanes.Store(values + n, TLanes.Max(x, TLanes.Multiply(factor, x)));
        }
    }

    // y = c (27 + c²) / (27 + 9 c²) and its slope, c = x clamped to [-3, 3]. With s = 1 / (3 + c²): y = c (8/3 s + 1/9), y' = (4 s - 1/3)².
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FastTanhRow(float* values, float* slopes, int columns)
    {
        TVector three = TLanes.Broadcast(3);
        TVector minusThree = TLanes.Broadcast(-3);
        TVector ninth = TLanes.Broadcast(1f / 9);
        TVector eightThirds = TLanes.Broadcast(8f / 3);
        TVector four = TLanes.Broadcast(4);
        TVector minusThird = TLanes.Broadcast(-1f / 3);
        for (int n = 0; n < columns; n += TLanes.Width)
        {
            TVector c = TLanes.Min(three, TLanes.Max(minusThree, TLanes.Load(values + n)));
            TVector s = TLanes.Reciprocal(TLanes.MultiplyAdd(c, c, three));
            TLanes.Store(values + n, TLanes.Multiply(c, TLanes.MultiplyAdd(eightThirds, s, ninth)));
            if (slopes is null)
                continue;
            TVector root = TLanes.MultiplyAdd(four, s, minusThird);
            TLanes.Store(slopes + n, TLanes.Multiply(root, root));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ApplySlope(Activation previous, Matrix dx, Matrix gate, int* rows, int row, int height, int first, int columns)
    {
        if (previous == Activation.Identity)
            return;
        TVector leak = TLanes.Broadcast(SimdKernels.LeakySlope);
        for (int r = row; r < row + height; r++)
        {
            float* d = dx.Row(r) + first;
            float* g = gate.Row(rows is null ? r : rows[r]) + first;
            for (int n = 0; n < columns; n += TLanes.Width)
            {
                TVector value = TLanes.Load(d + n);
                TVector slope = TLanes.Load(g + n);
                TVector result = previous switch
                {
                    Activation.FastTanh => TLanes.Multiply(value, slope),
                    Activation.Relu => TLanes.WherePositive(slope, value),
                    _ => Leaky(slope, value, leak),
                };
                TLanes.Store(d + n, result);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Leaky(TVector gate, TVector value, TVector leak)
    {
        TVector kept = TLanes.WherePositive(gate, value);
        return TLanes.MultiplyAdd(leak, TLanes.Subtract(value, kept), kept);
    }
}
