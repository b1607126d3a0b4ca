using System.Runtime.CompilerServices;

namespace Robotics.Learner.Kernels;

// The gated recurrent unit's elementwise part. Units are a multiple of 16 (Gru refuses others), so there are no tails.
internal sealed unsafe partial class SimdKernels<TLanes, TVector>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Gates(Matrix inputGates, Matrix hiddenGates, Matrix hidden, Matrix next)
    {
        int units = hidden.Columns;
        for (int b = 0; b < hidden.Rows; b++)
        {
            float* i = inputGates.Row(b), h = hiddenGates.Row(b);
            for (int u = 0; u < units; u += TLanes.Width)
            {
                TVector r = Sigmoid(TLanes.Add(TLanes.Load(i + u), TLanes.Load(h + u)));
                TVector z = Sigmoid(TLanes.Add(TLanes.Load(i + units + u), TLanes.Load(h + units + u)));
                TVector n = Tanh(TLanes.MultiplyAdd(r, TLanes.Load(h + (2 * units) + u), TLanes.Load(i + (2 * units) + u)));
                TLanes.Store(i + u, r);
                TLanes.Store(i + units + u, z);
                TLanes.Store(i + (2 * units) + u, n);
                TLanes.Store(next.Row(b) + u, TLanes.MultiplyAdd(z, TLanes.Subtract(TLanes.Load(hidden.Row(b) + u), n), n));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void BackwardGates(Matrix gates, Matrix hiddenGates, Matrix hidden, Matrix nextGradient, Matrix inputGradient, Matrix hiddenGradient)
    {
        int units = hidden.Columns;
        TVector one = TLanes.Broadcast(1);
        for (int b = 0; b < hidden.Rows; b++)
        {
            float* g = gates.Row(b), h = hiddenGates.Row(b), di = inputGradient.Row(b);
            for (int u = 0; u < units; u += TLanes.Width)
            {
                TVector r = TLanes.Load(g + u), z = TLanes.Load(g + units + u), n = TLanes.Load(g + (2 * units) + u);
                TVector dNext = TLanes.Load(nextGradient.Row(b) + u);
                TVector stays = TLanes.Subtract(one, z);
                TVector dn = TLanes.Multiply(TLanes.Multiply(dNext, stays), TLanes.Subtract(one, TLanes.Multiply(n, n)));
                TVector dz = TLanes.Multiply(TLanes.Multiply(dNext, TLanes.Subtract(TLanes.Load(hidden.Row(b) + u), n)), TLanes.Multiply(z, stays));
                TVector dr = TLanes.Multiply(TLanes.Multiply(dn, TLanes.Load(h + (2 * units) + u)), TLanes.Multiply(r, TLanes.Subtract(one, r)));
                TLanes.Store(di + u, dr);
                TLanes.Store(di + units + u, dz);
                TLanes.Store(di + (2 * units) + u, dn);
                TLanes.Store(h + u, dr);
                TLanes.Store(h + units + u, dz);
                TLanes.Store(h + (2 * units) + u, TLanes.Multiply(dn, r));
                TLanes.Store(hiddenGradient.Row(b) + u, TLanes.Multiply(dNext, z));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sigmoid(TVector x)
    {
        TVector one = TLanes.Broadcast(1);
        return TLanes.Divide(one, TLanes.Add(one, TLanes.Exp(TLanes.Subtract(TLanes.Broadcast(0), x))));
    }

    // tanh x = 2 σ(2x) - 1; beyond 9 it is 1 in float32.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Tanh(TVector x)
    {
        TVector bounded = TLanes.Min(TLanes.Broadcast(9), TLanes.Max(TLanes.Broadcast(-9), x));
        TVector s = Sigmoid(TLanes.Add(bounded, bounded));
        return TLanes.Subtract(TLanes.Add(s, s), TLanes.Broadcast(1));
    }
}
