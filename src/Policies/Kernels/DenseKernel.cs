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
            if (block == 4)
                Forward4(w, b, x, inputs, half, y, secondHalfFirst);
            else if (block == 2)
                Forward2(w, b, x, inputs, half, y);
            else
                Forward1(w, b, x, inputs, half, y);
            w += (nint)block * lanes * inputs;
            b += block * lanes;
            y += block * lanes;
            vectors -= block;
        }
    }

    private static void Forward4(float* w, float* b, float* x, int inputs, int half, float* y, bool secondHalfFirst)
    {
        float* second = w + ((nint)4 * TLanes.Count * half);
        if (secondHalfFirst)
        {
            Half4(second, x + half, inputs - half, y, null);
            Half4(w, x, half, y, b);
        }
        else
        {
            Half4(w, x, half, y, null);
            Half4(second, x + half, inputs - half, y, b);
        }
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

    /// <summary>2 vectors of outputs: both halves in one loop, eight sums, since four alone would wait for each other.</summary>
    private static void Forward2(float* w, float* b, float* x, int inputs, int half, float* y)
    {
        int lanes = TLanes.Count, step = 2 * lanes;
        float* v = w + ((nint)step * half);
        float* z = x + half;
        TVector even0 = TLanes.Broadcast(0), odd0 = even0, even1 = even0, odd1 = even0;
        TVector evenB0 = even0, oddB0 = even0, evenB1 = even0, oddB1 = even0;
        int i = 0;
        for (; i + 2 <= half; i += 2, w += 2 * step, v += 2 * step)
        {
            TVector x0 = TLanes.Broadcast(x[i]), x1 = TLanes.Broadcast(x[i + 1]);
            TVector z0 = TLanes.Broadcast(z[i]), z1 = TLanes.Broadcast(z[i + 1]);
            even0 = TLanes.Fma(TLanes.Load(w), x0, even0);
            even1 = TLanes.Fma(TLanes.Load(w + lanes), x0, even1);
            odd0 = TLanes.Fma(TLanes.Load(w + step), x1, odd0);
            odd1 = TLanes.Fma(TLanes.Load(w + step + lanes), x1, odd1);
            evenB0 = TLanes.Fma(TLanes.Load(v), z0, evenB0);
            evenB1 = TLanes.Fma(TLanes.Load(v + lanes), z0, evenB1);
            oddB0 = TLanes.Fma(TLanes.Load(v + step), z1, oddB0);
            oddB1 = TLanes.Fma(TLanes.Load(v + step + lanes), z1, oddB1);
        }
        if (i < half)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            even0 = TLanes.Fma(TLanes.Load(w), x0, even0);
            even1 = TLanes.Fma(TLanes.Load(w + lanes), x0, even1);
        }
        // The second half has at most one input more than the first.
        int left = inputs - half - i;
        if (left == 2)
        {
            TVector z1 = TLanes.Broadcast(z[i + 1]);
            oddB0 = TLanes.Fma(TLanes.Load(v + step), z1, oddB0);
            oddB1 = TLanes.Fma(TLanes.Load(v + step + lanes), z1, oddB1);
        }
        if (left > 0)
        {
            TVector z0 = TLanes.Broadcast(z[i]);
            evenB0 = TLanes.Fma(TLanes.Load(v), z0, evenB0);
            evenB1 = TLanes.Fma(TLanes.Load(v + lanes), z0, evenB1);
        }
        TVector sum0 = TLanes.Add(TLanes.Add(even0, odd0), TLanes.Add(evenB0, oddB0));
        TVector sum1 = TLanes.Add(TLanes.Add(even1, odd1), TLanes.Add(evenB1, oddB1));
        TLanes.Store(TLanes.Add(sum0, TLanes.Load(b)), y);
        TLanes.Store(TLanes.Add(sum1, TLanes.Load(b + lanes)), y + lanes);
    }

    /// <summary>1 vector of outputs, both halves in one loop.</summary>
    private static void Forward1(float* w, float* b, float* x, int inputs, int half, float* y)
    {
        int lanes = TLanes.Count;
        float* v = w + ((nint)lanes * half);
        float* z = x + half;
        TVector even = TLanes.Broadcast(0), odd = even, evenB = even, oddB = even;
        int i = 0;
        for (; i + 2 <= half; i += 2, w += 2 * lanes, v += 2 * lanes)
        {
            even = TLanes.Fma(TLanes.Load(w), TLanes.Broadcast(x[i]), even);
            odd = TLanes.Fma(TLanes.Load(w + lanes), TLanes.Broadcast(x[i + 1]), odd);
            evenB = TLanes.Fma(TLanes.Load(v), TLanes.Broadcast(z[i]), evenB);
            oddB = TLanes.Fma(TLanes.Load(v + lanes), TLanes.Broadcast(z[i + 1]), oddB);
        }
        if (i < half)
            even = TLanes.Fma(TLanes.Load(w), TLanes.Broadcast(x[i]), even);
        int left = inputs - half - i;
        if (left == 2)
            oddB = TLanes.Fma(TLanes.Load(v + lanes), TLanes.Broadcast(z[i + 1]), oddB);
        if (left > 0)
            evenB = TLanes.Fma(TLanes.Load(v), TLanes.Broadcast(z[i]), evenB);
        TVector sum = TLanes.Add(TLanes.Add(even, odd), TLanes.Add(evenB, oddB));
        TLanes.Store(TLanes.Add(sum, TLanes.Load(b)), y);
    }
}
