using System.Runtime.CompilerServices;

namespace Robotics.Learner.Kernels;

// Layer normalisation. Widths are multiples of 16 (MlpShape refuses others), so there are no tails.
internal sealed unsafe partial class SimdKernels<TLanes, TVector>
{
    public override void Normalise(Matrix standard, float* gain, float* shift, Matrix y, Matrix scales, Activation activation, Matrix derivative)
    {
        for (int b = 0; b < standard.Rows; b++)
        {
            *scales.Row(b) = Standardise(standard.Row(b), standard.Columns);
            Affine(standard.Row(b), gain, shift, y.Row(b), standard.Columns);
            Activate(activation, y, derivative, b, 1, standard.Columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void BackwardNormalise(Matrix dy, Matrix standard, Matrix scales, float* gain, float* gainGradient, float* shiftGradient, int* rows = null)
    {
        if (gainGradient is not null)
        {
            SumProducts(dy, standard, gainGradient);
            SumRows(dy, dy.Columns, shiftGradient);
        }
        for (int b = 0; b < dy.Rows; b++)
        {
            int row = rows is null ? b : rows[b];
            BackwardRow(dy.Row(b), standard.Row(row), *scales.Row(row), gain, dy.Columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Standardise(float* z, int columns)
    {
        TVector sum = TLanes.Broadcast(0);
        TVector squares = sum;
        for (int n = 0; n < columns; n += TLanes.Width)
            sum = TLanes.Add(sum, TLanes.Load(z + n));
        TVector mean = TLanes.Broadcast(TLanes.Sum(sum) / columns);
        for (int n = 0; n < columns; n += TLanes.Width)
        {
            TVector d = TLanes.Subtract(TLanes.Load(z + n), mean);
            squares = TLanes.MultiplyAdd(d, d, squares);
        }
        float scale = 1 / MathF.Sqrt((TLanes.Sum(squares) / columns) + NormEpsilon);
        TVector s = TLanes.Broadcast(scale);
        for (int n = 0; n < columns; n += TLanes.Width)
            TLanes.Store(z + n, TLanes.Multiply(TLanes.Subtract(TLanes.Load(z + n), mean), s));
        return scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Affine(float* standard, float* gain, float* shift, float* y, int columns)
    {
        for (int n = 0; n < columns; n += TLanes.Width)
        {
            TVector x = TLanes.Load(standard + n);
            TLanes.Store(y + n, gain is null ? x : TLanes.MultiplyAdd(TLanes.Load(gain + n), x, TLanes.Load(shift + n)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardRow(float* dy, float* standard, float scale, float* gain, int columns)
    {
        TVector sum = TLanes.Broadcast(0);
        TVector projection = sum;
        for (int n = 0; n < columns; n += TLanes.Width)
        {
            TVector g = TLanes.Load(dy + n);
            if (gain is not null)
                g = TLanes.Multiply(g, TLanes.Load(gain + n));
            TLanes.Store(dy + n, g);
            sum = TLanes.Add(sum, g);
            projection = TLanes.MultiplyAdd(g, TLanes.Load(standard + n), projection);
        }
        TVector mean = TLanes.Broadcast(TLanes.Sum(sum) / columns);
        TVector along = TLanes.Broadcast(TLanes.Sum(projection) / columns);
        TVector s = TLanes.Broadcast(scale);
        for (int n = 0; n < columns; n += TLanes.Width)
        {
            TVector rest = TLanes.Subtract(TLanes.Load(dy + n), TLanes.MultiplyAdd(along, TLanes.Load(standard + n), mean));
            TLanes.Store(dy + n, TLanes.Multiply(s, rest));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumProducts(Matrix a, Matrix b, float* sums)
    {
        for (int n = 0; n < a.Columns; n += TLanes.Width)
        {
            TVector even = TLanes.Broadcast(0);
            TVector odd = even;
            int row = 0;
            for (; row + 1 < a.Rows; row += 2)
            {
                even = TLanes.MultiplyAdd(TLanes.Load(a.Row(row) + n), TLanes.Load(b.Row(row) + n), even);
                odd = TLanes.MultiplyAdd(TLanes.Load(a.Row(row + 1) + n), TLanes.Load(b.Row(row + 1) + n), odd);
            }
            if (row < a.Rows)
                even = TLanes.MultiplyAdd(TLanes.Load(a.Row(row) + n), TLanes.Load(b.Row(row) + n), even);
            TLanes.Store(sums + n, TLanes.Add(even, odd));
        }
    }
}
