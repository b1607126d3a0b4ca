using System.Runtime.Intrinsics;

namespace Robotics.Policies.Kernels;

/// <summary>Runs a planned network in one vector width.</summary>
internal abstract unsafe class NetworkKernels
{
    /// <summary>Floats per vector: what <see cref="Panels.Pack"/> needs.</summary>
    public abstract int Lanes { get; }

    /// <summary>Runs <paramref name="layers"/> on <paramref name="observation"/> (padded with zeros to whole vectors) and advances recurrent state.</summary>
    /// <param name="ping">Scratch for the widest layer, padded.</param>
    /// <param name="pong">The same again.</param>
    /// <param name="gates">Scratch for twice three times the widest GRU, padded.</param>
    /// <param name="secondHalfFirst">Changes no bit; take turns (see <see cref="DenseKernel{TLanes, TVector}"/>).</param>
    /// <returns>The last layer's output, inside one of the scratch arrays.</returns>
    public abstract float* Forward(
        ReadOnlySpan<LayerPlan> layers,
        float* observation,
        float* ping,
        float* pong,
        float* gates,
        bool secondHalfFirst
    );

    /// <summary>True where none of the <paramref name="count"/> values (padded with zeros to whole vectors) is NaN or infinite.</summary>
    public abstract bool AllFinite(float* values, int count);

    /// <summary>The kernels of <paramref name="kernel"/>.</summary>
    public static NetworkKernels Of(PolicyKernel kernel) =>
        kernel switch
        {
            PolicyKernel.Plain => NetworkKernels<LanesPlain, float>.Instance,
            PolicyKernel.Vector128 => NetworkKernels<Lanes128, Vector128<float>>.Instance,
            PolicyKernel.Vector256 => NetworkKernels<Lanes256, Vector256<float>>.Instance,
            PolicyKernel.Vector512 => NetworkKernels<Lanes512, Vector512<float>>.Instance,
            _ => Widest(),
        };

    private static NetworkKernels Widest() =>
        Vector512.IsHardwareAccelerated ? Of(PolicyKernel.Vector512)
        : Vector256.IsHardwareAccelerated ? Of(PolicyKernel.Vector256)
        : Vector128.IsHardwareAccelerated ? Of(PolicyKernel.Vector128)
        : Of(PolicyKernel.Plain);
}

/// <inheritdoc/>
internal sealed unsafe class NetworkKernels<TLanes, TVector> : NetworkKernels
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    public static NetworkKernels Instance { get; } = new NetworkKernels<TLanes, TVector>();

    public override int Lanes => TLanes.Count;

    public override float* Forward(
        ReadOnlySpan<LayerPlan> layers,
        float* observation,
        float* ping,
        float* pong,
        float* gates,
        bool secondHalfFirst
    )
    {
        float* input = observation;
        for (int i = 0; i < layers.Length; i++)
        {
            ref readonly LayerPlan layer = ref layers[i];
            float* output = (i & 1) == 0 ? ping : pong;
            switch (layer.Kind)
            {
                case LayerKind.Dense:
                    Dense(in layer, input, output, secondHalfFirst);
                    break;
                case LayerKind.Gru:
                    GruKernel<TLanes, TVector>.Forward(in layer, input, gates, secondHalfFirst);
                    output = layer.State;
                    break;
                case LayerKind.LayerNorm:
                    NormKernel<TLanes, TVector>.LayerNorm(in layer, input, output);
                    break;
                default:
                    NormKernel<TLanes, TVector>.Normalise(in layer, input, output);
                    break;
            }
            ActivationKernel<TLanes, TVector>.Apply(layer.Activation, output, layer.Outputs);
            input = output;
        }
        return input;
    }

    // The same additions in the same order in every width: the same bits.
    private static void Dense(in LayerPlan layer, float* x, float* y, bool secondHalfFirst)
    {
        if (layer.Lanes == TLanes.Count)
            DenseKernel<TLanes, TVector>.Forward(layer.Weights, layer.Biases, x, layer.Inputs, layer.Outputs, y, secondHalfFirst);
        else if (layer.Lanes == Lanes128.Count)
            DenseKernel<Lanes128, Vector128<float>>.Forward(layer.Weights, layer.Biases, x, layer.Inputs, layer.Outputs, y, secondHalfFirst);
        else
            DenseKernel<Lanes256, Vector256<float>>.Forward(layer.Weights, layer.Biases, x, layer.Inputs, layer.Outputs, y, secondHalfFirst);
    }

    public override bool AllFinite(float* values, int count)
    {
        // 0 x is 0 for every finite x and NaN otherwise. Two sums, so that one addition need not wait for the other.
        TVector zero = TLanes.Broadcast(0), even = zero, odd = zero;
        int i = 0;
        for (; i + TLanes.Count < count; i += 2 * TLanes.Count)
        {
            even = TLanes.Fma(TLanes.Load(values + i), zero, even);
            odd = TLanes.Fma(TLanes.Load(values + i + TLanes.Count), zero, odd);
        }
        if (i < count)
            even = TLanes.Fma(TLanes.Load(values + i), zero, even);
        return TLanes.IsZero(TLanes.Add(even, odd));
    }
}
