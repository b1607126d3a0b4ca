using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Robotics.Learner.Kernels;

// Panel form [outputs / 16][inputs][16] to [inputs / 16][outputs][16]: both lie in rows of one cache line, so blocks of 4 x 4 are four loads and four stores.
internal sealed unsafe partial class SimdKernels<TLanes, TVector>
{
    private const int Block = 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Transpose(DenseShape shape, float* weights, float* transposed)
    {
        int whole = shape.Outputs / Block * Block;
        for (int k = 0; k < shape.PaddedInputs; k += Block)
        {
            float* column = transposed + ((nint)(k / Panel) * shape.Outputs * Panel) + (k % Panel);
            for (int n = 0; n < whole; n += Block)
                TransposeBlock(weights + shape.IndexOf(n, k), column + (n * Panel));
            for (int n = whole; n < shape.Outputs; n++)
            {
                for (int i = 0; i < Block; i++)
                    column[(n * Panel) + i] = weights[shape.IndexOf(n, k + i)];
            }
        }
    }

    // Pairs are exchanged within two rows, then halves across four; a select of constant lanes is one blend on every machine.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeBlock(float* source, float* target)
    {
        Vector128<float> even = Vector128.Create(-1, 0, -1, 0).AsSingle(), low = Vector128.Create(-1, -1, 0, 0).AsSingle();
        (Vector128<float> a, Vector128<float> b) = Exchange(Vector128.Load(source), Vector128.Load(source + Panel), even, Vector128.Create(1, 0, 3, 2));
        (Vector128<float> c, Vector128<float> d) = Exchange(Vector128.Load(source + (2 * Panel)), Vector128.Load(source + (3 * Panel)), even, Vector128.Create(1, 0, 3, 2));
        (a, c) = Exchange(a, c, low, Vector128.Create(2, 3, 0, 1));
        (b, d) = Exchange(b, d, low, Vector128.Create(2, 3, 0, 1));
        a.Store(target);
        b.Store(target + Panel);
        c.Store(target + (2 * Panel));
        d.Store(target + (3 * Panel));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> First, Vector128<float> Second) Exchange(Vector128<float> a, Vector128<float> b, Vector128<float> kept, Vector128<int> order) =>
        (Vector128.ConditionalSelect(kept, a, Vector128.Shuffle(b, order)), Vector128.ConditionalSelect(kept, Vector128.Shuffle(a, order), b));
}
