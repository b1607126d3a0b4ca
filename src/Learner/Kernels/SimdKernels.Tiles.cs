using System.Runtime.CompilerServices;

namespace Robotics.Learner.Kernels;

// Register tiles: R rows of A by one or two registers of B. Written out, because the JIT keeps locals, not arrays, in registers.
internal sealed unsafe partial class SimdKernels<TLanes, TVector>
{
    // c[8][2 registers] = a[8][depth] · b[depth] + bias, bent.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x2(float* a, nint aStride, float* b0, float* b1, int depth, float* bias, float slope, float* c, nint cStride)
    {
        TVector r00 = bias is null ? TLanes.Broadcast(0) : TLanes.Load(bias);
        TVector r01 = bias is null ? TLanes.Broadcast(0) : TLanes.Load(bias + TLanes.Width);
        TVector r10 = r00;
        TVector r11 = r01;
        TVector r20 = r00;
        TVector r21 = r01;
        TVector r30 = r00;
        TVector r31 = r01;
        TVector r40 = r00;
        TVector r41 = r01;
        TVector r50 = r00;
        TVector r51 = r01;
        TVector r60 = r00;
        TVector r61 = r01;
        TVector r70 = r00;
        TVector r71 = r01;
        float* a1 = a + aStride;
        float* a2 = a1 + aStride;
        float* a3 = a2 + aStride;
        float* a4 = a3 + aStride;
        float* a5 = a4 + aStride;
        float* a6 = a5 + aStride;
        float* a7 = a6 + aStride;
        for (nint k = 0; k < depth; k++)
        {
            TVector x = TLanes.Load(b0);
            TVector y = TLanes.Load(b1);
            TVector s = TLanes.Broadcast(a[k]);
            r00 = TLanes.MultiplyAdd(s, x, r00);
            r01 = TLanes.MultiplyAdd(s, y, r01);
            s = TLanes.Broadcast(a1[k]);
            r10 = TLanes.MultiplyAdd(s, x, r10);
            r11 = TLanes.MultiplyAdd(s, y, r11);
            s = TLanes.Broadcast(a2[k]);
            r20 = TLanes.MultiplyAdd(s, x, r20);
            r21 = TLanes.MultiplyAdd(s, y, r21);
            s = TLanes.Broadcast(a3[k]);
            r30 = TLanes.MultiplyAdd(s, x, r30);
            r31 = TLanes.MultiplyAdd(s, y, r31);
            s = TLanes.Broadcast(a4[k]);
            r40 = TLanes.MultiplyAdd(s, x, r40);
            r41 = TLanes.MultiplyAdd(s, y, r41);
            s = TLanes.Broadcast(a5[k]);
            r50 = TLanes.MultiplyAdd(s, x, r50);
            r51 = TLanes.MultiplyAdd(s, y, r51);
            s = TLanes.Broadcast(a6[k]);
            r60 = TLanes.MultiplyAdd(s, x, r60);
            r61 = TLanes.MultiplyAdd(s, y, r61);
            s = TLanes.Broadcast(a7[k]);
            r70 = TLanes.MultiplyAdd(s, x, r70);
            r71 = TLanes.MultiplyAdd(s, y, r71);
            b0 += Panel;
            b1 += Panel;
        }
        TVector factor = TLanes.Broadcast(slope);
        Bend(factor, r00, c);
        Bend(factor, r01, c + TLanes.Width);
        c += cStride;
        Bend(factor, r10, c);
        Bend(factor, r11, c + TLanes.Width);
        c += cStride;
        Bend(factor, r20, c);
        Bend(factor, r21, c + TLanes.Width);
        c += cStride;
        Bend(factor, r30, c);
        Bend(factor, r31, c + TLanes.Width);
        c += cStride;
        Bend(factor, r40, c);
        Bend(factor, r41, c + TLanes.Width);
        c += cStride;
        Bend(factor, r50, c);
        Bend(factor, r51, c + TLanes.Width);
        c += cStride;
        Bend(factor, r60, c);
        Bend(factor, r61, c + TLanes.Width);
        c += cStride;
        Bend(factor, r70, c);
        Bend(factor, r71, c + TLanes.Width);
    }

    // c[8][1 registers] = a[8][depth] · b[depth] + bias, bent.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x1(float* a, nint aStride, float* b0, int depth, float* bias, float slope, float* c, nint cStride)
    {
        TVector r00 = bias is null ? TLanes.Broadcast(0) : TLanes.Load(bias);
        TVector r10 = r00;
        TVector r20 = r00;
        TVector r30 = r00;
        TVector r40 = r00;
        TVector r50 = r00;
        TVector r60 = r00;
        TVector r70 = r00;
        float* a1 = a + aStride;
        float* a2 = a1 + aStride;
        float* a3 = a2 + aStride;
        float* a4 = a3 + aStride;
        float* a5 = a4 + aStride;
        float* a6 = a5 + aStride;
        float* a7 = a6 + aStride;
        for (nint k = 0; k < depth; k++)
        {
            TVector x = TLanes.Load(b0);
            TVector s = TLanes.Broadcast(a[k]);
            r00 = TLanes.MultiplyAdd(s, x, r00);
            s = TLanes.Broadcast(a1[k]);
            r10 = TLanes.MultiplyAdd(s, x, r10);
            s = TLanes.Broadcast(a2[k]);
            r20 = TLanes.MultiplyAdd(s, x, r20);
            s = TLanes.Broadcast(a3[k]);
            r30 = TLanes.MultiplyAdd(s, x, r30);
            s = TLanes.Broadcast(a4[k]);
            r40 = TLanes.MultiplyAdd(s, x, r40);
            s = TLanes.Broadcast(a5[k]);
            r50 = TLanes.MultiplyAdd(s, x, r50);
            s = TLanes.Broadcast(a6[k]);
            r60 = TLanes.MultiplyAdd(s, x, r60);
            s = TLanes.Broadcast(a7[k]);
            r70 = TLanes.MultiplyAdd(s, x, r70);
            b0 += Panel;
        }
        TVector factor = TLanes.Broadcast(slope);
        Bend(factor, r00, c);
        c += cStride;
        Bend(factor, r10, c);
        c += cStride;
        Bend(factor, r20, c);
        c += cStride;
        Bend(factor, r30, c);
        c += cStride;
        Bend(factor, r40, c);
        c += cStride;
        Bend(factor, r50, c);
        c += cStride;
        Bend(factor, r60, c);
        c += cStride;
        Bend(factor, r70, c);
    }

    // c[4][2 registers] = a[4][depth] · b[depth] + bias, bent.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x2(float* a, nint aStride, float* b0, float* b1, int depth, float* bias, float slope, float* c, nint cStride)
    {
        TVector r00 = bias is null ? TLanes.Broadcast(0) : TLanes.Load(bias);
        TVector r01 = bias is null ? TLanes.Broadcast(0) : TLanes.Load(bias + TLanes.Width);
        TVector r10 = r00;
        TVector r11 = r01;
        TVector r20 = r00;
        TVector r21 = r01;
        TVector r30 = r00;
        TVector r31 = r01;
        float* a1 = a + aStride;
        float* a2 = a1 + aStride;
        float* a3 = a2 + aStride;
        for (nint k = 0; k < depth; k++)
        {
            TVector x = TLanes.Load(b0);
            TVector y = TLanes.Load(b1);
            TVector s = TLanes.Broadcast(a[k]);
            r00 = TLanes.MultiplyAdd(s, x, r00);
            r01 = TLanes.MultiplyAdd(s, y, r01);
            s = TLanes.Broadcast(a1[k]);
            r10 = TLanes.MultiplyAdd(s, x, r10);
            r11 = TLanes.MultiplyAdd(s, y, r11);
            s = TLanes.Broadcast(a2[k]);
            r20 = TLanes.MultiplyAdd(s, x, r20);
            r21 = TLanes.MultiplyAdd(s, y, r21);
            s = TLanes.Broadcast(a3[k]);
            r30 = TLanes.MultiplyAdd(s, x, r30);
            r31 = TLanes.MultiplyAdd(s, y, r31);
            b0 += Panel;
            b1 += Panel;
        }
        TVector factor = TLanes.Broadcast(slope);
        Bend(factor, r00, c);
        Bend(factor, r01, c + TLanes.Width);
        c += cStride;
        Bend(factor, r10, c);
        Bend(factor, r11, c + TLanes.Width);
        c += cStride;
        Bend(factor, r20, c);
        Bend(factor, r21, c + TLanes.Width);
        c += cStride;
        Bend(factor, r30, c);
        Bend(factor, r31, c + TLanes.Width);
    }

    // c[4][1 registers] = a[4][depth] · b[depth] + bias, bent.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x1(float* a, nint aStride, float* b0, int depth, float* bias, float slope, float* c, nint cStride)
    {
        TVector r00 = bias is null ? TLanes.Broadcast(0) : TLanes.Load(bias);
        TVector r10 = r00;
        TVector r20 = r00;
        TVector r30 = r00;
        float* a1 = a + aStride;
        float* a2 = a1 + aStride;
        float* a3 = a2 + aStride;
        for (nint k = 0; k < depth; k++)
        {
            TVector x = TLanes.Load(b0);
            TVector s = TLanes.Broadcast(a[k]);
            r00 = TLanes.MultiplyAdd(s, x, r00);
            s = TLanes.Broadcast(a1[k]);
            r10 = TLanes.MultiplyAdd(s, x, r10);
            s = TLanes.Broadcast(a2[k]);
            r20 = TLanes.MultiplyAdd(s, x, r20);
            s = TLanes.Broadcast(a3[k]);
            r30 = TLanes.MultiplyAdd(s, x, r30);
            b0 += Panel;
        }
        TVector factor = TLanes.Broadcast(slope);
        Bend(factor, r00, c);
        c += cStride;
        Bend(factor, r10, c);
        c += cStride;
        Bend(factor, r20, c);
        c += cStride;
        Bend(factor, r30, c);
    }

    // c[1][2 registers] = a[1][depth] · b[depth] + bias, bent.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x2(float* a, float* b0, float* b1, int depth, float* bias, float slope, float* c)
    {
        TVector r00 = bias is null ? TLanes.Broadcast(0) : TLanes.Load(bias);
        TVector r01 = bias is null ? TLanes.Broadcast(0) : TLanes.Load(bias + TLanes.Width);
        for (nint k = 0; k < depth; k++)
        {
            TVector x = TLanes.Load(b0);
            TVector y = TLanes.Load(b1);
            TVector s = TLanes.Broadcast(a[k]);
            r00 = TLanes.MultiplyAdd(s, x, r00);
            r01 = TLanes.MultiplyAdd(s, y, r01);
            b0 += Panel;
            b1 += Panel;
        }
        TVector factor = TLanes.Broadcast(slope);
        Bend(factor, r00, c);
        Bend(factor, r01, c + TLanes.Width);
    }

    // c[1][1 registers] = a[1][depth] · b[depth] + bias, bent.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x1(float* a, float* b0, int depth, float* bias, float slope, float* c)
    {
        TVector r00 = bias is null ? TLanes.Broadcast(0) : TLanes.Load(bias);
        for (nint k = 0; k < depth; k++)
        {
            TVector x = TLanes.Load(b0);
            TVector s = TLanes.Broadcast(a[k]);
            r00 = TLanes.MultiplyAdd(s, x, r00);
            b0 += Panel;
        }
        TVector factor = TLanes.Broadcast(slope);
        Bend(factor, r00, c);
    }

    // max(y, slope y): slope 1 is the identity, 0 the ReLU, a little the leaky ReLU.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Bend(TVector slope, TVector y, float* target) => TLanes.Store(target, TLanes.Max(y, TLanes.Multiply(slope, y)));
}
