namespace Robotics.Policies.Kernels;

/// <summary>The elementwise layers; the equations are at <see cref="LayerKind"/>.</summary>
internal static unsafe class NormKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>PyTorch's default for nn.LayerNorm.</summary>
    private const float Epsilon = 1e-5f;

    /// <summary>Range of a normalised observation: OpenAI Baselines' VecNormalize.</summary>
    private const float Clip = 10;

    /// <summary>Normalises over the layer's values. The two sums are scalar, so that all widths add in the same order.</summary>
    public static void LayerNorm(in LayerPlan layer, float* x, float* y)
    {
        int n = layer.Outputs;
        float mean = Sum(x, n, 0, squared: false) / n;
        float variance = Sum(x, n, mean, squared: true) / n;
        TVector scale = TLanes.Broadcast(1 / MathF.Sqrt(variance + Epsilon));
        for (int i = 0; i < n; i += TLanes.Count)
        {
            TVector centred = TLanes.Subtract(TLanes.Load(x + i), TLanes.Broadcast(mean));
            TVector normal = TLanes.Multiply(centred, scale);
            TLanes.Store(TLanes.Fma(normal, TLanes.Load(layer.Weights + i), TLanes.Load(layer.Biases + i)), y + i);
        }
    }

    /// <summary>(x − mean) scale, clamped.</summary>
    public static void Normalise(in LayerPlan layer, float* x, float* y)
    {
        for (int i = 0; i < layer.Outputs; i += TLanes.Count)
        {
            TVector centred = TLanes.Subtract(TLanes.Load(x + i), TLanes.Load(layer.Weights + i));
            TVector scaled = TLanes.Multiply(centred, TLanes.Load(layer.Biases + i));
            TLanes.Store(TLanes.Min(TLanes.Max(scaled, TLanes.Broadcast(-Clip)), TLanes.Broadcast(Clip)), y + i);
        }
    }

    private static float Sum(float* x, int n, float centre, bool squared)
    {
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        int i = 0;
        for (; i + 4 <= n; i += 4)
        {
            s0 += Term(x[i] - centre, squared);
            s1 += Term(x[i + 1] - centre, squared);
            s2 += Term(x[i + 2] - centre, squared);
            s3 += Term(x[i + 3] - centre, squared);
        }
        for (; i < n; i++)
            s0 += Term(x[i] - centre, squared);
        return s0 + s1 + (s2 + s3);
    }

    private static float Term(float value, bool squared) => squared ? value * value : value;
}
