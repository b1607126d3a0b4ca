namespace Robotics.Policies.Kernels;

/// <summary>One step of a gated recurrent unit; the equations are at <see cref="LayerKind.Gru"/>.</summary>
internal static unsafe class GruKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Advances the layer's state by the input <paramref name="x"/>; the new state is the output.</summary>
    public static void Forward(in LayerPlan layer, float* x, float* gates, bool secondHalfFirst)
    {
        int hidden = layer.Outputs;
        float* input = gates;
        float* recurrent = gates + Panels.Pad(3 * hidden) + Panels.Widest;
        float* h = layer.State;
        DenseKernel<TLanes, TVector>.Forward(layer.Weights, layer.Biases, x, layer.Inputs, 3 * hidden, input, secondHalfFirst);
        DenseKernel<TLanes, TVector>.Forward(layer.HiddenWeights, layer.HiddenBiases, h, hidden, 3 * hidden, recurrent, secondHalfFirst);
        // The last vector may reach beyond a gate's end into the next gate: what it computes there lands in padding that nobody reads.
        for (int i = 0; i < hidden; i += TLanes.Count)
        {
            TVector r = Gate(input + i, recurrent + i);
            TVector z = Gate(input + hidden + i, recurrent + hidden + i);
            TVector candidate = TLanes.Fma(
                r,
                TLanes.Load(recurrent + (2 * hidden) + i),
                TLanes.Load(input + (2 * hidden) + i)
            );
            TVector n = ActivationKernel<TLanes, TVector>.Tanh(candidate);
            TVector previous = TLanes.Load(h + i);
            // z h + (1 − z) n = n + z (h − n)
            TLanes.Store(TLanes.Fma(z, TLanes.Subtract(previous, n), n), h + i);
        }
    }

    private static TVector Gate(float* input, float* recurrent) =>
        ActivationKernel<TLanes, TVector>.Sigmoid(TLanes.Add(TLanes.Load(input), TLanes.Load(recurrent)));
}
