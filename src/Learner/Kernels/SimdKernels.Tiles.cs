using System.Runtime.CompilerServices;

namespace Robotics.Learner.Kernels;

// Register tiles: R rows of A by one or two registers of B. Written out, because the JIT keeps locals, not arrays, in registers.
internal sealed unsafe partial class SimdKernels<TLanes, TVector>
{
    // c[8][2 registers] = a[8][depth] · b[depth] + bias.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x2(float* a, nint aStride, float* b0, float* b1, int depth, float* bias, float* c, nint cStride)
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
        TLanes.Store(c, r00);
        TLanes.Store(c + TLanes.Width, r01);
        c += cStride;
        TLanes.Store(c, r10);
        TLanes.Store(c + TLanes.Width, r11);
        c += cStride;
        TLanes.Store(c, r20);
        TLanes.Store(c + TLanes.Width, r21);
        c += cStride;
        TLanes.Store(c, r30);
        TLanes.Store(c + TLanes.Width, r31);
        c += cStride;
        TLanes.Store(c, r40);
        TLanes.Store(c + TLanes.Width, r41);
        c += cStride;
        TLanes.Store(c, r50);
        TLanes.Store(c + TLanes.Width, r51);
        c += cStride;
        TLanes.Store(c, r60);
        TLanes.Store(c + TLanes.Width, r61);
        c += cStride;
        TLanes.Store(c, r70);
        TLanes.Store(c + TLanes.Width, r71);
    }

    // c[8][1 registers] = a[8][depth] · b[depth] + bias.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x1(float* a, nint aStride, float* b0, int depth, float* bias, float* c, nint cStride)
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
        TLanes.Store(c, r00);
        c += cStride;
        TLanes.Store(c, r10);
        c += cStride;
        TLanes.Store(c, r20);
        c += cStride;
        TLanes.Store(c, r30);
        c += cStride;
        TLanes.Store(c, r40);
        c += cStride;
        TLanes.Store(c, r50);
        c += cStride;
        TLanes.Store(c, r60);
        c += cStride;
        TLanes.Store(c, r70);
    }

    // c[4][2 registers] = a[4][depth] · b[depth] + bias.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x2(float* a, nint aStride, float* b0, float* b1, int depth, float* bias, float* c, nint cStride)
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
        TLanes.Store(c, r00);
        TLanes.Store(c + TLanes.Width, r01);
        c += cStride;
        TLanes.Store(c, r10);
        TLanes.Store(c + TLanes.Width, r11);
        c += cStride;
        TLanes.Store(c, r20);
        TLanes.Store(c + TLanes.Width, r21);
        c += cStride;
        TLanes.Store(c, r30);
        TLanes.Store(c + TLanes.Width, r31);
    }

    // c[4][1 registers] = a[4][depth] · b[depth] + bias.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x1(float* a, nint aStride, float* b0, int depth, float* bias, float* c, nint cStride)
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
        TLanes.Store(c, r00);
        c += cStride;
        TLanes.Store(c, r10);
        c += cStride;
        TLanes.Store(c, r20);
        c += cStride;
        TLanes.Store(c, r30);
    }

    // c[1][2 registers] = a[1][depth] · b[depth] + bias.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x2(float* a, float* b0, float* b1, int depth, float* bias, float* c)
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
        TLanes.Store(c, r00);
        TLanes.Store(c + TLanes.Width, r01);
    }

    // c[1][1 registers] = a[1][depth] · b[depth] + bias.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x1(float* a, float* b0, int depth, float* bias, float* c)
    {
        TVector r00 = bias is null ? TLanes.Broadcast(0) : TLanes.Load(bias);
        for (nint k = 0; k < depth; k++)
        {
            TVector x = TLanes.Load(b0);
            TVector s = TLanes.Broadcast(a[k]);
            r00 = TLanes.MultiplyAdd(s, x, r00);
            b0 += Panel;
        }
        TLanes.Store(c, r00);
    }

    // c[8][2 registers] = Σ over the batch of a[·][8] ⊗ b[·]; rows of c are a panel line apart.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OuterTile8x2(float* a, nint aStep, float* b, nint bStep, int depth, float* c0, float* c1)
    {
        TVector r00 = TLanes.Broadcast(0);
        TVector r01 = r00;
        TVector r10 = r00;
        TVector r11 = r00;
        TVector r20 = r00;
        TVector r21 = r00;
        TVector r30 = r00;
        TVector r31 = r00;
        TVector r40 = r00;
        TVector r41 = r00;
        TVector r50 = r00;
        TVector r51 = r00;
        TVector r60 = r00;
        TVector r61 = r00;
        TVector r70 = r00;
        TVector r71 = r00;
        for (; depth > 0; depth--)
        {
            TVector x = TLanes.Load(b);
            TVector y = TLanes.Load(b + TLanes.Width);
            TVector s = TLanes.Broadcast(a[0]);
            r00 = TLanes.MultiplyAdd(s, x, r00);
            r01 = TLanes.MultiplyAdd(s, y, r01);
            s = TLanes.Broadcast(a[1]);
            r10 = TLanes.MultiplyAdd(s, x, r10);
            r11 = TLanes.MultiplyAdd(s, y, r11);
            s = TLanes.Broadcast(a[2]);
            r20 = TLanes.MultiplyAdd(s, x, r20);
            r21 = TLanes.MultiplyAdd(s, y, r21);
            s = TLanes.Broadcast(a[3]);
            r30 = TLanes.MultiplyAdd(s, x, r30);
            r31 = TLanes.MultiplyAdd(s, y, r31);
            s = TLanes.Broadcast(a[4]);
            r40 = TLanes.MultiplyAdd(s, x, r40);
            r41 = TLanes.MultiplyAdd(s, y, r41);
            s = TLanes.Broadcast(a[5]);
            r50 = TLanes.MultiplyAdd(s, x, r50);
            r51 = TLanes.MultiplyAdd(s, y, r51);
            s = TLanes.Broadcast(a[6]);
            r60 = TLanes.MultiplyAdd(s, x, r60);
            r61 = TLanes.MultiplyAdd(s, y, r61);
            s = TLanes.Broadcast(a[7]);
            r70 = TLanes.MultiplyAdd(s, x, r70);
            r71 = TLanes.MultiplyAdd(s, y, r71);
            a += aStep;
            b += bStep;
        }
        TLanes.Store(c0, r00);
        TLanes.Store(c1, r01);
        TLanes.Store(c0 + Panel, r10);
        TLanes.Store(c1 + Panel, r11);
        TLanes.Store(c0 + (2 * Panel), r20);
        TLanes.Store(c1 + (2 * Panel), r21);
        TLanes.Store(c0 + (3 * Panel), r30);
        TLanes.Store(c1 + (3 * Panel), r31);
        TLanes.Store(c0 + (4 * Panel), r40);
        TLanes.Store(c1 + (4 * Panel), r41);
        TLanes.Store(c0 + (5 * Panel), r50);
        TLanes.Store(c1 + (5 * Panel), r51);
        TLanes.Store(c0 + (6 * Panel), r60);
        TLanes.Store(c1 + (6 * Panel), r61);
        TLanes.Store(c0 + (7 * Panel), r70);
        TLanes.Store(c1 + (7 * Panel), r71);
    }

    // c[8][1 registers] = Σ over the batch of a[·][8] ⊗ b[·]; rows of c are a panel line apart.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OuterTile8x1(float* a, nint aStep, float* b, nint bStep, int depth, float* c0)
    {
        TVector r00 = TLanes.Broadcast(0);
        TVector r10 = r00;
        TVector r20 = r00;
        TVector r30 = r00;
        TVector r40 = r00;
        TVector r50 = r00;
        TVector r60 = r00;
        TVector r70 = r00;
        for (; depth > 0; depth--)
        {
            TVector x = TLanes.Load(b);
            TVector s = TLanes.Broadcast(a[0]);
            r00 = TLanes.MultiplyAdd(s, x, r00);
            s = TLanes.Broadcast(a[1]);
            r10 = TLanes.MultiplyAdd(s, x, r10);
            s = TLanes.Broadcast(a[2]);
            r20 = TLanes.MultiplyAdd(s, x, r20);
            s = TLanes.Broadcast(a[3]);
            r30 = TLanes.MultiplyAdd(s, x, r30);
            s = TLanes.Broadcast(a[4]);
            r40 = TLanes.MultiplyAdd(s, x, r40);
            s = TLanes.Broadcast(a[5]);
            r50 = TLanes.MultiplyAdd(s, x, r50);
            s = TLanes.Broadcast(a[6]);
            r60 = TLanes.MultiplyAdd(s, x, r60);
            s = TLanes.Broadcast(a[7]);
            r70 = TLanes.MultiplyAdd(s, x, r70);
            a += aStep;
            b += bStep;
        }
        TLanes.Store(c0, r00);
        TLanes.Store(c0 + Panel, r10);
        TLanes.Store(c0 + (2 * Panel), r20);
        TLanes.Store(c0 + (3 * Panel), r30);
        TLanes.Store(c0 + (4 * Panel), r40);
        TLanes.Store(c0 + (5 * Panel), r50);
        TLanes.Store(c0 + (6 * Panel), r60);
        TLanes.Store(c0 + (7 * Panel), r70);
    }

    // c[4][2 registers] = Σ over the batch of a[·][4] ⊗ b[·]; rows of c are a panel line apart.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OuterTile4x2(float* a, nint aStep, float* b, nint bStep, int depth, float* c0, float* c1)
    {
        TVector r00 = TLanes.Broadcast(0);
        TVector r01 = r00;
        TVector r10 = r00;
        TVector r11 = r00;
        TVector r20 = r00;
        TVector r21 = r00;
        TVector r30 = r00;
        TVector r31 = r00;
        for (; depth > 0; depth--)
        {
            TVector x = TLanes.Load(b);
            TVector y = TLanes.Load(b + TLanes.Width);
            TVector s = TLanes.Broadcast(a[0]);
            r00 = TLanes.MultiplyAdd(s, x, r00);
            r01 = TLanes.MultiplyAdd(s, y, r01);
            s = TLanes.Broadcast(a[1]);
            r10 = TLanes.MultiplyAdd(s, x, r10);
            r11 = TLanes.MultiplyAdd(s, y, r11);
            s = TLanes.Broadcast(a[2]);
            r20 = TLanes.MultiplyAdd(s, x, r20);
            r21 = TLanes.MultiplyAdd(s, y, r21);
            s = TLanes.Broadcast(a[3]);
            r30 = TLanes.MultiplyAdd(s, x, r30);
            r31 = TLanes.MultiplyAdd(s, y, r31);
            a += aStep;
            b += bStep;
        }
        TLanes.Store(c0, r00);
        TLanes.Store(c1, r01);
        TLanes.Store(c0 + Panel, r10);
        TLanes.Store(c1 + Panel, r11);
        TLanes.Store(c0 + (2 * Panel), r20);
        TLanes.Store(c1 + (2 * Panel), r21);
        TLanes.Store(c0 + (3 * Panel), r30);
        TLanes.Store(c1 + (3 * Panel), r31);
    }

    // c[4][1 registers] = Σ over the batch of a[·][4] ⊗ b[·]; rows of c are a panel line apart.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OuterTile4x1(float* a, nint aStep, float* b, nint bStep, int depth, float* c0)
    {
        TVector r00 = TLanes.Broadcast(0);
        TVector r10 = r00;
        TVector r20 = r00;
        TVector r30 = r00;
        for (; depth > 0; depth--)
        {
            TVector x = TLanes.Load(b);
            TVector s = TLanes.Broadcast(a[0]);
            r00 = TLanes.MultiplyAdd(s, x, r00);
            s = TLanes.Broadcast(a[1]);
            r10 = TLanes.MultiplyAdd(s, x, r10);
            s = TLanes.Broadcast(a[2]);
            r20 = TLanes.MultiplyAdd(s, x, r20);
            s = TLanes.Broadcast(a[3]);
            r30 = TLanes.MultiplyAdd(s, x, r30);
            a += aStep;
            b += bStep;
        }
        TLanes.Store(c0, r00);
        TLanes.Store(c0 + Panel, r10);
        TLanes.Store(c0 + (2 * Panel), r20);
        TLanes.Store(c0 + (3 * Panel), r30);
    }
}
