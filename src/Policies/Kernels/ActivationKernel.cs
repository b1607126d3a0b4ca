using System.Runtime.CompilerServices;

namespace Robotics.Policies.Kernels;

/// <summary>Activations over whole vectors, in place.</summary>
internal static unsafe class ActivationKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Applies <paramref name="activation"/> to <paramref name="count"/> values, rounded up to whole vectors.</summary>
    public static void Apply(Activation activation, float* y, int count)
    {
        switch (activation)
        {
            case Activation.Relu:
                for (int i = 0; i < count; i += TLanes.Count)
                    TLanes.Store(TLanes.Max(TLanes.Load(y + i), TLanes.Broadcast(0)), y + i);
                break;
            case Activation.Tanh:
                for (int i = 0; i < count; i += TLanes.Count)
                    TLanes.Store(Tanh(TLanes.Load(y + i)), y + i);
                break;
            case Activation.FastTanh:
                for (int i = 0; i < count; i += TLanes.Count)
                    TLanes.Store(FastTanh(TLanes.Load(y + i)), y + i);
                break;
            case Activation.LeakyRelu:
                for (int i = 0; i < count; i += TLanes.Count)
                    TLanes.Store(LeakyRelu(TLanes.Load(y + i)), y + i);
                break;
        }
    }

    /// <summary>x (27 + x²) / (27 + 9 x²), x clamped to [-3, 3].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FastTanh(TVector x)
    {
        x = TLanes.Min(TLanes.Max(x, TLanes.Broadcast(-3)), TLanes.Broadcast(3));
        TVector squared = TLanes.Multiply(x, x);
        TVector numerator = TLanes.Multiply(x, TLanes.Add(TLanes.Broadcast(27), squared));
        return TLanes.Divide(numerator, TLanes.Fma(TLanes.Broadcast(9), squared, TLanes.Broadcast(27)));
    }

    /// <summary>tanh(x) = 1 − 2 / (e²ˣ + 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh(TVector x)
    {
        TVector e = Exp(TLanes.Add(x, x));
        TVector one = TLanes.Broadcast(1);
        return TLanes.Subtract(one, TLanes.Divide(TLanes.Broadcast(2), TLanes.Add(e, one)));
    }

    /// <summary>σ(x) = 1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid(TVector x)
    {
        TVector one = TLanes.Broadcast(1);
        return TLanes.Divide(one, TLanes.Add(one, Exp(TLanes.Subtract(TLanes.Broadcast(0), x))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LeakyRelu(TVector x) => TLanes.Max(x, TLanes.Multiply(x, TLanes.Broadcast(0.01f)));

    /// <summary>eˣ for x clamped to [-87, 87], relative error below 2e-7: 2ⁿ eʳ with |r| ≤ ln 2 / 2 and a polynomial for eʳ.</summary>
    /// <remarks>The polynomial's constants and the two-part ln 2 are those of Cephes' expf (Moshier 1992).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Exp(TVector x)
    {
        x = TLanes.Min(TLanes.Max(x, TLanes.Broadcast(-87)), TLanes.Broadcast(87));
        // Adding 1.5·2^23 leaves the nearest integer in the lowest bits.
        TVector magic = TLanes.Broadcast(12582912f);
        TVector shifted = TLanes.Fma(x, TLanes.Broadcast(1.44269504088896341f), magic);
        TVector n = TLanes.Subtract(shifted, magic);
        TVector r = TLanes.Fma(n, TLanes.Broadcast(-0.693359375f), x);
        r = TLanes.Fma(n, TLanes.Broadcast(2.12194440e-4f), r);
        TVector p = TLanes.Broadcast(1.9875691500e-4f);
        p = TLanes.Fma(p, r, TLanes.Broadcast(1.3981999507e-3f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(8.3334519073e-3f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(4.1665795894e-2f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(1.6666665459e-1f));
        p = TLanes.Fma(p, r, TLanes.Broadcast(5.0000001201e-1f));
        p = TLanes.Fma(TLanes.Multiply(p, r), r, TLanes.Add(r, TLanes.Broadcast(1)));
        return TLanes.Multiply(p, TLanes.PowerOfTwo(shifted));
    }
}
