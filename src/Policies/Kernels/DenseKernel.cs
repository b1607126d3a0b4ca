using System.Runtime.CompilerServices;

namespace Robotics.Policies.Kernels;

/// <summary>y = W x + b over panelled weights (see <see cref="Panels"/>).</summary>
/// <remarks>
/// <para>The inputs are taken in two halves, and within a half the even and the odd ones are added apart, so that the multiply-adders
/// are not kept waiting for each other: y = ((even + odd of one half) + (even + odd of the other)) + b. No order here depends on the
/// vector width, so every width gives the same bits.</para>
/// <para>Which half comes first changes no bit either (addition commutes). Taking them in turns, call after call, finds what the call
/// before read last still in the first-level cache: a network of 54 kB in 48 kB would else miss at every line.</para>
/// </remarks>
internal static unsafe class DenseKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Writes <paramref name="outputs"/> values, padded to whole vectors, to <paramref name="y"/>.</summary>
    /// <param name="secondHalfFirst">The order of the halves.</param>
    public static void Forward(float* w, float* b, float* x, int inputs, int outputs, float* y, bool secondHalfFirst)
    {
        int lanes = TLanes.Count;
        int vectors = (outputs + lanes - 1) / lanes;
        int half = inputs / 2;
        while (vectors > 0)
        {
            int block = Panels.BlockVectors(vectors);
            float* second = w + ((nint)block * lanes * half);
            if (secondHalfFirst)
            {
                Half(block, second, x + half, inputs - half, y, null);
                Half(block, w, x, half, y, b);
            }
            else
            {
                Half(block, w, x, half, y, null);
                Half(block, second, x + half, inputs - half, y, b);
            }
            w += (nint)block * lanes * inputs;
            b += block * lanes;
            y += block * lanes;
            vectors -= block;
        }
    }

    private static void Half(int block, float* w, float* x, int inputs, float* y, float* b)
    {
        if (block == 4)
            Half4(w, x, inputs, y, b);
        else if (block == 2)
            Half2(w, x, inputs, y, b);
        else
            Half1(w, x, inputs, y, b);
    }

    /// <summary>The half that comes first (no biases given) leaves its sum; the other adds it and the bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(TVector sum, float* y, float* b)
    {
        if (b != null)
            sum = TLanes.Add(TLanes.Add(sum, TLanes.Load(y)), TLanes.Load(b));
        TLanes.Store(sum, y);
    }

    /// <summary>The products of one half of the inputs for 4 vectors of outputs.</summary>
    private static void Half4(float* w, float* x, int inputs, float* y, float* b)
    {
        int lanes = TLanes.Count;
        TVector even0 = TLanes.Broadcast(0);
        TVector odd0 = TLanes.Broadcast(0);
        TVector even1 = TLanes.Broadcast(0);
        TVector odd1 = TLanes.Broadcast(0);
        TVector even2 = TLanes.Broadcast(0);
        TVector odd2 = TLanes.Broadcast(0);
        TVector even3 = TLanes.Broadcast(0);
        TVector odd3 = TLanes.Broadcast(0);
        int i = 0;
        for (; i + 2 <= inputs; i += 2, w += 8 * lanes)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            TVector x1 = TLanes.Broadcast(x[i + 1]);
            even0 = TLanes.Fma(TLanes.Load(w), x0, even0);
            even1 = TLanes.Fma(TLanes.Load(w + lanes), x0, even1);
            even2 = TLanes.Fma(TLanes.Load(w + (2 * lanes)), x0, even2);
            even3 = TLanes.Fma(TLanes.Load(w + (3 * lanes)), x0, even3);
            odd0 = TLanes.Fma(TLanes.Load(w + (4 * lanes)), x1, odd0);
            odd1 = TLanes.Fma(TLanes.Load(w + (5 * lanes)), x1, odd1);
            odd2 = TLanes.Fma(TLanes.Load(w + (6 * lanes)), x1, odd2);
            odd3 = TLanes.Fma(TLanes.Load(w + (7 * lanes)), x1, odd3);
        }
        if (i < inputs)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            even0 = TLanes.Fma(TLanes.Load(w), x0, even0);
            even1 = TLanes.Fma(TLanes.Load(w + lanes), x0, even1);
            even2 = TLanes.Fma(TLanes.Load(w + (2 * lanes)), x0, even2);
            even3 = TLanes.Fma(TLanes.Load(w + (3 * lanes)), x0, even3);
        }
        Finish(TLanes.Add(even0, odd0), y, b == null ? null : b);
        Finish(TLanes.Add(even1, odd1), y + lanes, b == null ? null : b + lanes);
        Finish(TLanes.Add(even2, odd2), y + (2 * lanes), b == null ? null : b + (2 * lanes));
        Finish(TLanes.Add(even3, odd3), y + (3 * lanes), b == null ? null : b + (3 * lanes));
    }

    /// <summary>The products of one half of the inputs for 2 vectors of outputs.</summary>
    private static void Half2(float* w, float* x, int inputs, float* y, float* b)
    {
        int lanes = TLanes.Count;
        TVector even0 = TLanes.Broadcast(0);
        TVector odd0 = TLanes.Broadcast(0);
        TVector even1 = TLanes.Broadcast(0);
        TVector odd1 = TLanes.Broadcast(0);
        int i = 0;
        for (; i + 2 <= inputs; i += 2, w += 4 * lanes)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            TVector x1 = TLanes.Broadcast(x[i + 1]);
            even0 = TLanes.Fma(TLanes.Load(w), x0, even0);
            even1 = TLanes.Fma(TLanes.Load(w + lanes), x0, even1);
            odd0 = TLanes.Fma(TLanes.Load(w + (2 * lanes)), x1, odd0);
            odd1 = TLanes.Fma(TLanes.Load(w + (3 * lanes)), x1, odd1);
        }
        if (i < inputs)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            even0 = TLanes.Fma(TLanes.Load(w), x0, even0);
            even1 = TLanes.Fma(TLanes.Load(w + lanes), x0, even1);
        }
        Finish(TLanes.Add(even0, odd0), y, b == null ? null : b);
        Finish(TLanes.Add(even1, odd1), y + lanes, b == null ? null : b + lanes);
    }

    /// <summary>The products of one half of the inputs for 1 vector of outputs.</summary>
    private static void Half1(float* w, float* x, int inputs, float* y, float* b)
    {
        int lanes = TLanes.Count;
        TVector even0 = TLanes.Broadcast(0);
        TVector odd0 = TLanes.Broadcast(0);
        int i = 0;
        for (; i + 2 <= inputs; i += 2, w += 2 * lanes)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            TVector x1 = TLanes.Broadcast(x[i + 1]);
            even0 = TLanes.Fma(TLanes.Load(w), x0, even0);
            odd0 = TLanes.Fma(TLanes.Load(w + lanes), x1, odd0);
        }
        if (i < inputs)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            even0 = TLanes.Fma(TLanes.Load(w), x0, even0);
        }
        Finish(TLanes.Add(even0, odd0), y, b == null ? null : b);
    }
}
