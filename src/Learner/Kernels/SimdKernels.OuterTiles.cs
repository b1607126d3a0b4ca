using System.Runtime.CompilerServices;

namespace Robotics.Learner.Kernels;

// Register tiles of the weight gradient: R inputs by one or two registers of outputs, summed over the batch.
internal sealed unsafe partial class SimdKernels<TLanes, TVector>
{
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
