namespace Robotics.Policies.Kernels;

/// <summary>Lays a layer's parameters out in the arena as the kernels want them.</summary>
internal static unsafe class LayerPlanner
{
    /// <summary>Plans <paramref name="layer"/> from its flat <paramref name="parameters"/>, for vectors of at most <paramref name="lanes"/> floats.</summary>
    public static LayerPlan Plan(LayerSpec layer, ReadOnlySpan<float> parameters, NetworkArena arena, int lanes)
    {
        int inputs = layer.Inputs, outputs = layer.Outputs;
        bool isMatrix = layer.Kind is LayerKind.Dense or LayerKind.Gru;
        bool isGru = layer.Kind == LayerKind.Gru;
        lanes = isGru ? lanes : Panels.LanesFor(outputs, lanes);
        int rows = isGru ? 3 * outputs : outputs;
        // Initialisers run in their order, which is the order of the flat parameters.
        return new LayerPlan
        {
            Kind = layer.Kind,
            Activation = layer.Activation,
            Inputs = inputs,
            Outputs = outputs,
            Lanes = lanes,
            Weights = isMatrix ? Matrix(ref parameters, rows, inputs, arena, lanes) : Vector(ref parameters, outputs, arena),
            Biases = Vector(ref parameters, rows, arena),
            HiddenWeights = isGru ? Matrix(ref parameters, rows, outputs, arena, lanes) : null,
            HiddenBiases = isGru ? Vector(ref parameters, rows, arena) : null,
            InitialState = isGru ? Vector(ref parameters, outputs, arena) : null,
            State = isGru ? arena.Take(outputs) : null,
        };
    }

    private static float* Matrix(ref ReadOnlySpan<float> parameters, int outputs, int inputs, NetworkArena arena, int lanes)
    {
        float* panels = arena.Take(Panels.Pad(outputs) * inputs);
        Panels.Pack(parameters[..(outputs * inputs)], outputs, inputs, lanes, panels);
        parameters = parameters[(outputs * inputs)..];
        return panels;
    }

    private static float* Vector(ref ReadOnlySpan<float> parameters, int count, NetworkArena arena)
    {
        float* values = arena.Take(count);
        parameters[..count].CopyTo(new Span<float>(values, count));
        parameters = parameters[count..];
        return values;
    }
}
