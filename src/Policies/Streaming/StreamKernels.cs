using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Robotics.Policies.Kernels;

namespace Robotics.Policies.Streaming;

/// <summary>The arithmetic of one streaming step of one layer, in one register width.</summary>
internal abstract unsafe class StreamKernels
{
    /// <summary>The kernels of <paramref name="kernel"/>.</summary>
    public static StreamKernels Of(PolicyKernel kernel) =>
        kernel switch
        {
            PolicyKernel.Plain => new StreamKernels<LanesPlain, float>(),
            PolicyKernel.Vector128 => new StreamKernels<Lanes128, Vector128<float>>(),
            PolicyKernel.Vector256 => new StreamKernels<Lanes256, Vector256<float>>(),
            PolicyKernel.Vector512 => new StreamKernels<Lanes512, Vector512<float>>(),
            _ when Vector512.IsHardwareAccelerated => Of(PolicyKernel.Vector512),
            _ when Vector256.IsHardwareAccelerated => Of(PolicyKernel.Vector256),
            _ => Of(PolicyKernel.Vector128),
        };

    /// <summary>W ← W + <paramref name="step"/> z, where that is not 0, and output = f(norm(Wᵀ (input, 1))), in one pass over the weights.</summary>
    public abstract void Forward(ref StreamLayer layer, float step);

    /// <summary>As <see cref="Forward(ref StreamLayer, float)"/> for two inputs at once: <paramref name="other"/> has the same weights, which are read once.</summary>
    public abstract void Forward(ref StreamLayer layer, ref StreamLayer other, float step);

    /// <summary>From the gradient at the output: z ← <paramref name="decay"/> z + ∇W, and the gradient at the input into
    /// <paramref name="inputGradient"/> (null leaves it out).</summary>
    /// <returns>Σ |z| of the layer.</returns>
    public abstract float Backward(ref StreamLayer layer, float decay, float* inputGradient);

    /// <summary>W ← W + <paramref name="step"/> z.</summary>
    public abstract void Step(ref StreamLayer layer, float step);
}

/// <inheritdoc/>
internal sealed unsafe class StreamKernels<TLanes, TVector> : StreamKernels
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    private const float Epsilon = 1e-5f; // of layer normalisation: PyTorch's default
    private const float LeakySlope = 0.01f; // PyTorch's default, and the paper's

    public override void Forward(ref StreamLayer layer, float step)
    {
        if (step == 0)
            Multiply<Kept>(ref layer, step);
        else
            Multiply<Updated>(ref layer, step);
        Finish(ref layer);
    }

    public override void Forward(ref StreamLayer layer, ref StreamLayer other, float step)
    {
        if (step == 0)
            Multiply<Kept>(ref layer, ref other, step);
        else
            Multiply<Updated>(ref layer, ref other, step);
        Finish(ref layer);
        Finish(ref other);
    }

    private static void Multiply<TUpdate>(ref StreamLayer layer, float step)
        where TUpdate : struct, IUpdate
    {
        for (int n = 0; n < layer.Width;)
        {
            bool eight = n + (8 * TLanes.Count) <= layer.Width;
            if (eight)
                Multiply8<TUpdate>(ref layer, n, step);
            else
                Multiply1<TUpdate>(ref layer, layer.Input, n, step, layer.Sum + n);
            n += (eight ? 8 : 1) * TLanes.Count;
        }
    }

    private static void Multiply<TUpdate>(ref StreamLayer layer, ref StreamLayer other, float step)
        where TUpdate : struct, IUpdate
    {
        for (int n = 0; n < layer.Width;)
        {
            bool four = n + (4 * TLanes.Count) <= layer.Width;
            if (four)
            {
                Multiply4<TUpdate>(ref layer, other.Input, n, step, other.Sum + n);
            }
            else
            {
                Multiply1<TUpdate>(ref layer, layer.Input, n, step, layer.Sum + n);
                Multiply1<Kept>(ref layer, other.Input, n, step, other.Sum + n);
            }
            n += (four ? 4 : 1) * TLanes.Count;
        }
    }

    private static void Finish(ref StreamLayer layer)
    {
        if (layer.IsNormalised)
            Normalise(ref layer);
        new ReadOnlySpan<float>(layer.Sum, layer.Width).CopyTo(new Span<float>(layer.Output, layer.Width));
        ActivationKernel<TLanes, TVector>.Apply(layer.Activation, layer.Output, layer.Width);
        layer.Output[layer.Outputs] = 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override float Backward(ref StreamLayer layer, float decay, float* inputGradient)
    {
        ApplySlope(ref layer);
        if (layer.IsNormalised)
            NormaliseBack(ref layer);
        float* w = layer.Weights, z = layer.Traces, dy = layer.Gradient;
        int width = layer.Width;
        TVector keep = TLanes.Broadcast(decay);
        TVector even = TLanes.Broadcast(0), odd = even;
        for (int k = 0; k <= layer.Inputs; k++, w += width, z += width)
        {
            TVector x = TLanes.Broadcast(layer.Input[k]);
            for (int n = 0; n < width; n += TLanes.Count)
            {
                TVector trace = TLanes.Fma(keep, TLanes.Load(z + n), TLanes.Multiply(x, TLanes.Load(dy + n)));
                TLanes.Store(trace, z + n);
                (even, odd) = (odd, TLanes.Add(even, TLanes.Abs(trace)));
            }
            if (inputGradient != null && k < layer.Inputs)
                inputGradient[k] = Dot(w, dy, width);
        }
        return TLanes.Sum(TLanes.Add(even, odd));
    }

    public override void Step(ref StreamLayer layer, float step)
    {
        TVector factor = TLanes.Broadcast(step);
        float* w = layer.Weights, z = layer.Traces;
        for (int i = 0; i < layer.Length; i += TLanes.Count)
            TLanes.Store(TLanes.Fma(factor, TLanes.Load(z + i), TLanes.Load(w + i)), w + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Dot(float* a, float* b, int length)
    {
        TVector even = TLanes.Broadcast(0), odd = even;
        for (int n = 0; n < length; n += TLanes.Count)
            (even, odd) = (odd, TLanes.Fma(TLanes.Load(a + n), TLanes.Load(b + n), even));
        return TLanes.Sum(TLanes.Add(even, odd));
    }

    // Whether a pass over the weights moves them along their traces as it reads them: a separate pass would fetch both once more.
    private interface IUpdate
    {
        static abstract bool IsOn { get; }
    }

    private readonly struct Kept : IUpdate
    {
        public static bool IsOn => false;
    }

    private readonly struct Updated : IUpdate
    {
        public static bool IsOn => true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Weights<TUpdate>(float* w, nint toTraces, TVector step)
        where TUpdate : struct, IUpdate
    {
        TVector weights = TLanes.Load(w);
        if (!TUpdate.IsOn)
            return weights;
        weights = TLanes.Fma(step, TLanes.Load(w + toTraces), weights);
        TLanes.Store(weights, w);
        return weights;
    }

    // Eight registers of outputs at once keep both multiply-adders of the common machines busy.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply8<TUpdate>(ref StreamLayer layer, int n, float step)
        where TUpdate : struct, IUpdate
    {
        int lanes = TLanes.Count, width = layer.Width;
        float* w = layer.Weights + n, x = layer.Input, y = layer.Sum + n;
        nint z = (nint)(layer.Traces - layer.Weights);
        TVector s = TLanes.Broadcast(step), y0 = TLanes.Broadcast(0);
        (TVector y1, TVector y2, TVector y3, TVector y4, TVector y5, TVector y6, TVector y7) = (y0, y0, y0, y0, y0, y0, y0);
        for (int k = 0; k <= layer.Inputs; k++, w += width)
        {
            TVector a = TLanes.Broadcast(x[k]);
            y0 = TLanes.Fma(a, Weights<TUpdate>(w, z, s), y0);
            y1 = TLanes.Fma(a, Weights<TUpdate>(w + lanes, z, s), y1);
            y2 = TLanes.Fma(a, Weights<TUpdate>(w + (2 * lanes), z, s), y2);
            y3 = TLanes.Fma(a, Weights<TUpdate>(w + (3 * lanes), z, s), y3);
            y4 = TLanes.Fma(a, Weights<TUpdate>(w + (4 * lanes), z, s), y4);
            y5 = TLanes.Fma(a, Weights<TUpdate>(w + (5 * lanes), z, s), y5);
            y6 = TLanes.Fma(a, Weights<TUpdate>(w + (6 * lanes), z, s), y6);
            y7 = TLanes.Fma(a, Weights<TUpdate>(w + (7 * lanes), z, s), y7);
        }
        TLanes.Store(y0, y);
        TLanes.Store(y1, y + lanes);
        TLanes.Store(y2, y + (2 * lanes));
        TLanes.Store(y3, y + (3 * lanes));
        TLanes.Store(y4, y + (4 * lanes));
        TLanes.Store(y5, y + (5 * lanes));
        TLanes.Store(y6, y + (6 * lanes));
        TLanes.Store(y7, y + (7 * lanes));
    }

    // As Multiply8, for two inputs and four registers of outputs each.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply4<TUpdate>(ref StreamLayer layer, float* other, int n, float step, float* otherSum)
        where TUpdate : struct, IUpdate
    {
        int lanes = TLanes.Count, width = layer.Width;
        float* w = layer.Weights + n, x = layer.Input, y = layer.Sum + n;
        nint z = (nint)(layer.Traces - layer.Weights);
        TVector s = TLanes.Broadcast(step), y0 = TLanes.Broadcast(0);
        (TVector y1, TVector y2, TVector y3, TVector v0, TVector v1, TVector v2, TVector v3) = (y0, y0, y0, y0, y0, y0, y0);
        for (int k = 0; k <= layer.Inputs; k++, w += width)
        {
            TVector a = TLanes.Broadcast(x[k]), b = TLanes.Broadcast(other[k]);
            TVector w0 = Weights<TUpdate>(w, z, s), w1 = Weights<TUpdate>(w + lanes, z, s);
            y0 = TLanes.Fma(a, w0, y0);
            v0 = TLanes.Fma(b, w0, v0);
            y1 = TLanes.Fma(a, w1, y1);
            v1 = TLanes.Fma(b, w1, v1);
            w0 = Weights<TUpdate>(w + (2 * lanes), z, s);
            w1 = Weights<TUpdate>(w + (3 * lanes), z, s);
            y2 = TLanes.Fma(a, w0, y2);
            v2 = TLanes.Fma(b, w0, v2);
            y3 = TLanes.Fma(a, w1, y3);
            v3 = TLanes.Fma(b, w1, v3);
        }
        TLanes.Store(y0, y);
        TLanes.Store(y1, y + lanes);
        TLanes.Store(y2, y + (2 * lanes));
        TLanes.Store(y3, y + (3 * lanes));
        TLanes.Store(v0, otherSum);
        TLanes.Store(v1, otherSum + lanes);
        TLanes.Store(v2, otherSum + (2 * lanes));
        TLanes.Store(v3, otherSum + (3 * lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply1<TUpdate>(ref StreamLayer layer, float* x, int n, float step, float* y)
        where TUpdate : struct, IUpdate
    {
        float* w = layer.Weights + n;
        nint z = (nint)(layer.Traces - layer.Weights);
        TVector s = TLanes.Broadcast(step), even = TLanes.Broadcast(0), odd = even;
        for (int k = 0; k <= layer.Inputs; k++, w += layer.Width)
            (even, odd) = (odd, TLanes.Fma(TLanes.Broadcast(x[k]), Weights<TUpdate>(w, z, s), even));
        TLanes.Store(TLanes.Add(even, odd), y);
    }

    // x̂ = (x - mean) / √(var + ε) in place; a normalised layer has no padding (its width is a multiple of 16).
    private static void Normalise(ref StreamLayer layer)
    {
        float* y = layer.Sum;
        int n = layer.Width;
        TVector sum = TLanes.Broadcast(0), squares = sum;
        for (int i = 0; i < n; i += TLanes.Count)
            sum = TLanes.Add(sum, TLanes.Load(y + i));
        TVector mean = TLanes.Broadcast(TLanes.Sum(sum) / n);
        for (int i = 0; i < n; i += TLanes.Count)
        {
            TVector centred = TLanes.Subtract(TLanes.Load(y + i), mean);
            squares = TLanes.Fma(centred, centred, squares);
        }
        layer.Scale = 1 / MathF.Sqrt((TLanes.Sum(squares) / n) + Epsilon);
        TVector scale = TLanes.Broadcast(layer.Scale);
        for (int i = 0; i < n; i += TLanes.Count)
            TLanes.Store(TLanes.Multiply(TLanes.Subtract(TLanes.Load(y + i), mean), scale), y + i);
    }

    // dx = scale (g - mean(g) - x̂ mean(g x̂)).
    private static void NormaliseBack(ref StreamLayer layer)
    {
        float* g = layer.Gradient, x = layer.Sum;
        int n = layer.Width;
        TVector sum = TLanes.Broadcast(0), product = sum;
        for (int i = 0; i < n; i += TLanes.Count)
        {
            TVector slope = TLanes.Load(g + i);
            sum = TLanes.Add(sum, slope);
            product = TLanes.Fma(slope, TLanes.Load(x + i), product);
        }
        TVector mean = TLanes.Broadcast(TLanes.Sum(sum) / n);
        TVector along = TLanes.Broadcast(TLanes.Sum(product) / n);
        TVector scale = TLanes.Broadcast(layer.Scale);
        for (int i = 0; i < n; i += TLanes.Count)
        {
            TVector rest = TLanes.Subtract(TLanes.Subtract(TLanes.Load(g + i), mean), TLanes.Multiply(TLanes.Load(x + i), along));
            TLanes.Store(TLanes.Multiply(rest, scale), g + i);
        }
    }

    private static void ApplySlope(ref StreamLayer layer)
    {
        if (layer.Activation == Activation.Identity)
            return;
        TVector one = TLanes.Broadcast(1), zero = TLanes.Broadcast(0), leak = TLanes.Broadcast(LeakySlope);
        for (int i = 0; i < layer.Width; i += TLanes.Count)
        {
            TVector x = TLanes.Load(layer.Sum + i), y = TLanes.Load(layer.Output + i);
            TVector slope = layer.Activation switch
            {
                Activation.Relu => TLanes.WherePositive(x, one, zero),
                Activation.LeakyRelu => TLanes.WherePositive(x, one, leak),
                Activation.Tanh => TLanes.Subtract(one, TLanes.Multiply(y, y)),
                _ => FastTanhSlope(x),
            };
            TLanes.Store(TLanes.Multiply(TLanes.Load(layer.Gradient + i), slope), layer.Gradient + i);
        }
    }

    // ((9 - c²) / (3 (3 + c²)))² with c = x clamped to [-3, 3].
    private static TVector FastTanhSlope(TVector x)
    {
        TVector c = TLanes.Min(TLanes.Max(x, TLanes.Broadcast(-3)), TLanes.Broadcast(3));
        TVector squared = TLanes.Multiply(c, c);
        TVector root = TLanes.Divide(TLanes.Subtract(TLanes.Broadcast(9), squared), TLanes.Fma(TLanes.Broadcast(3), squared, TLanes.Broadcast(9)));
        return TLanes.Multiply(root, root);
    }
}
