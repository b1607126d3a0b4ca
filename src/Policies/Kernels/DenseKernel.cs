namespace Robotics.Policies.Kernels;

/// <summary>y = W x + b over panelled weights (see <see cref="Panels"/>).</summary>
/// <remarks>
/// A product-sum is split into chains of additions so that the multiply-adders are not kept waiting for each other: input i goes to
/// chain i modulo the number of chains. That number depends on the layer alone, never on the vector width, so every width adds in
/// the same order and gives the same bits: four chains up to 16 outputs (one AVX-512 vector, which alone would wait four cycles per
/// input), two above.
/// </remarks>
internal static unsafe class DenseKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Most outputs that are computed in four chains.</summary>
    private const int NarrowOutputs = 16;

    /// <summary>Writes <paramref name="outputs"/> values, padded to whole vectors, to <paramref name="y"/>.</summary>
    public static void Forward(float* w, float* b, float* x, int inputs, int outputs, float* y)
    {
        int lanes = TLanes.Count;
        int vectors = (outputs + lanes - 1) / lanes;
        bool narrow = outputs <= NarrowOutputs;
        while (vectors > 0)
        {
            int block = Panels.BlockVectors(vectors);
            if (narrow)
                Narrow(block, w, b, x, inputs, y);
            else
                Wide(block, w, b, x, inputs, y);
            w += (nint)block * lanes * inputs;
            b += block * lanes;
            y += block * lanes;
            vectors -= block;
        }
    }

    private static void Wide(int block, float* w, float* b, float* x, int inputs, float* y)
    {
        if (block == 4)
            Block4x2(w, b, x, inputs, y);
        else if (block == 2)
            Block2x2(w, b, x, inputs, y);
        else
            Block1x2(w, b, x, inputs, y);
    }

    private static void Narrow(int block, float* w, float* b, float* x, int inputs, float* y)
    {
        if (block == 4)
            Block4x4(w, b, x, inputs, y);
        else if (block == 2)
            Block2x4(w, b, x, inputs, y);
        else
            Block1x4(w, b, x, inputs, y);
    }

    /// <summary>4 vectors of outputs, 2 chains of additions each.</summary>
    private static void Block4x2(float* w, float* b, float* x, int inputs, float* y)
    {
        int lanes = TLanes.Count;
        TVector a00 = TLanes.Load(b);
        TVector a01 = TLanes.Broadcast(0);
        TVector a10 = TLanes.Load(b + lanes);
        TVector a11 = TLanes.Broadcast(0);
        TVector a20 = TLanes.Load(b + (2 * lanes));
        TVector a21 = TLanes.Broadcast(0);
        TVector a30 = TLanes.Load(b + (3 * lanes));
        TVector a31 = TLanes.Broadcast(0);
        int i = 0;
        for (; i + 2 <= inputs; i += 2, w += 8 * lanes)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            TVector x1 = TLanes.Broadcast(x[i + 1]);
            a00 = TLanes.Fma(TLanes.Load(w), x0, a00);
            a10 = TLanes.Fma(TLanes.Load(w + lanes), x0, a10);
            a20 = TLanes.Fma(TLanes.Load(w + (2 * lanes)), x0, a20);
            a30 = TLanes.Fma(TLanes.Load(w + (3 * lanes)), x0, a30);
            a01 = TLanes.Fma(TLanes.Load(w + (4 * lanes)), x1, a01);
            a11 = TLanes.Fma(TLanes.Load(w + (5 * lanes)), x1, a11);
            a21 = TLanes.Fma(TLanes.Load(w + (6 * lanes)), x1, a21);
            a31 = TLanes.Fma(TLanes.Load(w + (7 * lanes)), x1, a31);
        }
        if (i < inputs)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            a00 = TLanes.Fma(TLanes.Load(w), x0, a00);
            a10 = TLanes.Fma(TLanes.Load(w + lanes), x0, a10);
            a20 = TLanes.Fma(TLanes.Load(w + (2 * lanes)), x0, a20);
            a30 = TLanes.Fma(TLanes.Load(w + (3 * lanes)), x0, a30);
        }
        TLanes.Store(TLanes.Add(a00, a01), y);
        TLanes.Store(TLanes.Add(a10, a11), y + lanes);
        TLanes.Store(TLanes.Add(a20, a21), y + (2 * lanes));
        TLanes.Store(TLanes.Add(a30, a31), y + (3 * lanes));
    }

    /// <summary>2 vectors of outputs, 2 chains of additions each.</summary>
    private static void Block2x2(float* w, float* b, float* x, int inputs, float* y)
    {
        int lanes = TLanes.Count;
        TVector a00 = TLanes.Load(b);
        TVector a01 = TLanes.Broadcast(0);
        TVector a10 = TLanes.Load(b + lanes);
        TVector a11 = TLanes.Broadcast(0);
        int i = 0;
        for (; i + 2 <= inputs; i += 2, w += 4 * lanes)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            TVector x1 = TLanes.Broadcast(x[i + 1]);
            a00 = TLanes.Fma(TLanes.Load(w), x0, a00);
            a10 = TLanes.Fma(TLanes.Load(w + lanes), x0, a10);
            a01 = TLanes.Fma(TLanes.Load(w + (2 * lanes)), x1, a01);
            a11 = TLanes.Fma(TLanes.Load(w + (3 * lanes)), x1, a11);
        }
        if (i < inputs)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            a00 = TLanes.Fma(TLanes.Load(w), x0, a00);
            a10 = TLanes.Fma(TLanes.Load(w + lanes), x0, a10);
        }
        TLanes.Store(TLanes.Add(a00, a01), y);
        TLanes.Store(TLanes.Add(a10, a11), y + lanes);
    }

    /// <summary>1 vector of outputs, 2 chains of additions each.</summary>
    private static void Block1x2(float* w, float* b, float* x, int inputs, float* y)
    {
        int lanes = TLanes.Count;
        TVector a00 = TLanes.Load(b);
        TVector a01 = TLanes.Broadcast(0);
        int i = 0;
        for (; i + 2 <= inputs; i += 2, w += 2 * lanes)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            TVector x1 = TLanes.Broadcast(x[i + 1]);
            a00 = TLanes.Fma(TLanes.Load(w), x0, a00);
            a01 = TLanes.Fma(TLanes.Load(w + lanes), x1, a01);
        }
        if (i < inputs)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            a00 = TLanes.Fma(TLanes.Load(w), x0, a00);
        }
        TLanes.Store(TLanes.Add(a00, a01), y);
    }

    /// <summary>4 vectors of outputs, 4 chains of additions each.</summary>
    private static void Block4x4(float* w, float* b, float* x, int inputs, float* y)
    {
        int lanes = TLanes.Count;
        TVector a00 = TLanes.Load(b);
        TVector a01 = TLanes.Broadcast(0);
        TVector a02 = TLanes.Broadcast(0);
        TVector a03 = TLanes.Broadcast(0);
        TVector a10 = TLanes.Load(b + lanes);
        TVector a11 = TLanes.Broadcast(0);
        TVector a12 = TLanes.Broadcast(0);
        TVector a13 = TLanes.Broadcast(0);
        TVector a20 = TLanes.Load(b + (2 * lanes));
        TVector a21 = TLanes.Broadcast(0);
        TVector a22 = TLanes.Broadcast(0);
        TVector a23 = TLanes.Broadcast(0);
        TVector a30 = TLanes.Load(b + (3 * lanes));
        TVector a31 = TLanes.Broadcast(0);
        TVector a32 = TLanes.Broadcast(0);
        TVector a33 = TLanes.Broadcast(0);
        int i = 0;
        for (; i + 4 <= inputs; i += 4, w += 16 * lanes)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            TVector x1 = TLanes.Broadcast(x[i + 1]);
            TVector x2 = TLanes.Broadcast(x[i + 2]);
            TVector x3 = TLanes.Broadcast(x[i + 3]);
            a00 = TLanes.Fma(TLanes.Load(w), x0, a00);
            a10 = TLanes.Fma(TLanes.Load(w + lanes), x0, a10);
            a20 = TLanes.Fma(TLanes.Load(w + (2 * lanes)), x0, a20);
            a30 = TLanes.Fma(TLanes.Load(w + (3 * lanes)), x0, a30);
            a01 = TLanes.Fma(TLanes.Load(w + (4 * lanes)), x1, a01);
            a11 = TLanes.Fma(TLanes.Load(w + (5 * lanes)), x1, a11);
            a21 = TLanes.Fma(TLanes.Load(w + (6 * lanes)), x1, a21);
            a31 = TLanes.Fma(TLanes.Load(w + (7 * lanes)), x1, a31);
            a02 = TLanes.Fma(TLanes.Load(w + (8 * lanes)), x2, a02);
            a12 = TLanes.Fma(TLanes.Load(w + (9 * lanes)), x2, a12);
            a22 = TLanes.Fma(TLanes.Load(w + (10 * lanes)), x2, a22);
            a32 = TLanes.Fma(TLanes.Load(w + (11 * lanes)), x2, a32);
            a03 = TLanes.Fma(TLanes.Load(w + (12 * lanes)), x3, a03);
            a13 = TLanes.Fma(TLanes.Load(w + (13 * lanes)), x3, a13);
            a23 = TLanes.Fma(TLanes.Load(w + (14 * lanes)), x3, a23);
            a33 = TLanes.Fma(TLanes.Load(w + (15 * lanes)), x3, a33);
        }
        if (i < inputs)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            a00 = TLanes.Fma(TLanes.Load(w), x0, a00);
            a10 = TLanes.Fma(TLanes.Load(w + lanes), x0, a10);
            a20 = TLanes.Fma(TLanes.Load(w + (2 * lanes)), x0, a20);
            a30 = TLanes.Fma(TLanes.Load(w + (3 * lanes)), x0, a30);
        }
        if (i + 1 < inputs)
        {
            TVector x1 = TLanes.Broadcast(x[i + 1]);
            a01 = TLanes.Fma(TLanes.Load(w + (4 * lanes)), x1, a01);
            a11 = TLanes.Fma(TLanes.Load(w + (5 * lanes)), x1, a11);
            a21 = TLanes.Fma(TLanes.Load(w + (6 * lanes)), x1, a21);
            a31 = TLanes.Fma(TLanes.Load(w + (7 * lanes)), x1, a31);
        }
        if (i + 2 < inputs)
        {
            TVector x2 = TLanes.Broadcast(x[i + 2]);
            a02 = TLanes.Fma(TLanes.Load(w + (8 * lanes)), x2, a02);
            a12 = TLanes.Fma(TLanes.Load(w + (9 * lanes)), x2, a12);
            a22 = TLanes.Fma(TLanes.Load(w + (10 * lanes)), x2, a22);
            a32 = TLanes.Fma(TLanes.Load(w + (11 * lanes)), x2, a32);
        }
        TLanes.Store(TLanes.Add(TLanes.Add(a00, a01), TLanes.Add(a02, a03)), y);
        TLanes.Store(TLanes.Add(TLanes.Add(a10, a11), TLanes.Add(a12, a13)), y + lanes);
        TLanes.Store(TLanes.Add(TLanes.Add(a20, a21), TLanes.Add(a22, a23)), y + (2 * lanes));
        TLanes.Store(TLanes.Add(TLanes.Add(a30, a31), TLanes.Add(a32, a33)), y + (3 * lanes));
    }

    /// <summary>2 vectors of outputs, 4 chains of additions each.</summary>
    private static void Block2x4(float* w, float* b, float* x, int inputs, float* y)
    {
        int lanes = TLanes.Count;
        TVector a00 = TLanes.Load(b);
        TVector a01 = TLanes.Broadcast(0);
        TVector a02 = TLanes.Broadcast(0);
        TVector a03 = TLanes.Broadcast(0);
        TVector a10 = TLanes.Load(b + lanes);
        TVector a11 = TLanes.Broadcast(0);
        TVector a12 = TLanes.Broadcast(0);
        TVector a13 = TLanes.Broadcast(0);
        int i = 0;
        for (; i + 4 <= inputs; i += 4, w += 8 * lanes)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            TVector x1 = TLanes.Broadcast(x[i + 1]);
            TVector x2 = TLanes.Broadcast(x[i + 2]);
            TVector x3 = TLanes.Broadcast(x[i + 3]);
            a00 = TLanes.Fma(TLanes.Load(w), x0, a00);
            a10 = TLanes.Fma(TLanes.Load(w + lanes), x0, a10);
            a01 = TLanes.Fma(TLanes.Load(w + (2 * lanes)), x1, a01);
            a11 = TLanes.Fma(TLanes.Load(w + (3 * lanes)), x1, a11);
            a02 = TLanes.Fma(TLanes.Load(w + (4 * lanes)), x2, a02);
            a12 = TLanes.Fma(TLanes.Load(w + (5 * lanes)), x2, a12);
            a03 = TLanes.Fma(TLanes.Load(w + (6 * lanes)), x3, a03);
            a13 = TLanes.Fma(TLanes.Load(w + (7 * lanes)), x3, a13);
        }
        if (i < inputs)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            a00 = TLanes.Fma(TLanes.Load(w), x0, a00);
            a10 = TLanes.Fma(TLanes.Load(w + lanes), x0, a10);
        }
        if (i + 1 < inputs)
        {
            TVector x1 = TLanes.Broadcast(x[i + 1]);
            a01 = TLanes.Fma(TLanes.Load(w + (2 * lanes)), x1, a01);
            a11 = TLanes.Fma(TLanes.Load(w + (3 * lanes)), x1, a11);
        }
        if (i + 2 < inputs)
        {
            TVector x2 = TLanes.Broadcast(x[i + 2]);
            a02 = TLanes.Fma(TLanes.Load(w + (4 * lanes)), x2, a02);
            a12 = TLanes.Fma(TLanes.Load(w + (5 * lanes)), x2, a12);
        }
        TLanes.Store(TLanes.Add(TLanes.Add(a00, a01), TLanes.Add(a02, a03)), y);
        TLanes.Store(TLanes.Add(TLanes.Add(a10, a11), TLanes.Add(a12, a13)), y + lanes);
    }

    /// <summary>1 vector of outputs, 4 chains of additions each.</summary>
    private static void Block1x4(float* w, float* b, float* x, int inputs, float* y)
    {
        int lanes = TLanes.Count;
        TVector a00 = TLanes.Load(b);
        TVector a01 = TLanes.Broadcast(0);
        TVector a02 = TLanes.Broadcast(0);
        TVector a03 = TLanes.Broadcast(0);
        int i = 0;
        for (; i + 4 <= inputs; i += 4, w += 4 * lanes)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            TVector x1 = TLanes.Broadcast(x[i + 1]);
            TVector x2 = TLanes.Broadcast(x[i + 2]);
            TVector x3 = TLanes.Broadcast(x[i + 3]);
            a00 = TLanes.Fma(TLanes.Load(w), x0, a00);
            a01 = TLanes.Fma(TLanes.Load(w + lanes), x1, a01);
            a02 = TLanes.Fma(TLanes.Load(w + (2 * lanes)), x2, a02);
            a03 = TLanes.Fma(TLanes.Load(w + (3 * lanes)), x3, a03);
        }
        if (i < inputs)
        {
            TVector x0 = TLanes.Broadcast(x[i]);
            a00 = TLanes.Fma(TLanes.Load(w), x0, a00);
        }
        if (i + 1 < inputs)
        {
            TVector x1 = TLanes.Broadcast(x[i + 1]);
            a01 = TLanes.Fma(TLanes.Load(w + lanes), x1, a01);
        }
        if (i + 2 < inputs)
        {
            TVector x2 = TLanes.Broadcast(x[i + 2]);
            a02 = TLanes.Fma(TLanes.Load(w + (2 * lanes)), x2, a02);
        }
        TLanes.Store(TLanes.Add(TLanes.Add(a00, a01), TLanes.Add(a02, a03)), y);
    }
}
