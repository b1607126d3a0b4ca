namespace Robotics.Policies.Streaming;

/// <summary>Between policies as they travel (<see cref="NetworkSpec"/> and flat parameters) and streaming networks.</summary>
internal static class StreamPolicy
{
    /// <summary>The streaming form of a perceptron: dense layers, one activation for the hidden ones, a deterministic head.</summary>
    public static bool TryMake(NetworkSpec spec, ReadOnlySpan<float> parameters, PolicyKernel kernel, out StreamNetwork? network, out string problem)
    {
        network = null;
        ReadOnlySpan<LayerSpec> layers = spec.Layers;
        problem = Problem(spec);
        if (problem.Length > 0)
            return false;
        int[] widths = [layers[0].Inputs, .. layers.ToArray().Select(l => l.Outputs)];
        network = new StreamNetwork(widths, layers[0].Activation, layers[^1].Activation, normalise: false, kernel);
        int next = 0;
        for (int l = 0; l < layers.Length; l++)
        {
            for (int n = 0; n < layers[l].Outputs; n++)
            {
                for (int k = 0; k < layers[l].Inputs; k++)
                    network.Weight(l, n, k) = parameters[next++];
            }
            for (int n = 0; n < layers[l].Outputs; n++)
                network.Weight(l, n, layers[l].Inputs) = parameters[next++];
        }
        return true;
    }

    /// <summary>The policy of a fresh learner's actor: normaliser, then dense and normalisation layers, then μ.</summary>
    public static NetworkSpec SpecOf(StreamNetwork actor, int actions)
    {
        var layers = new List<LayerSpec> { LayerSpec.Normaliser(actor.SizeOf(0).Inputs) };
        for (int l = 0; l < actor.LayerCount - 1; l++)
        {
            (int inputs, int outputs) = actor.SizeOf(l);
            layers.Add(LayerSpec.Dense(inputs, outputs, Activation.Identity));
            layers.Add(LayerSpec.LayerNorm(outputs, Activation.LeakyRelu));
        }
        layers.Add(LayerSpec.Dense(actor.SizeOf(actor.LayerCount - 1).Inputs, actions, Activation.Identity));
        return new NetworkSpec(layers);
    }

    /// <summary>Parameters of <paramref name="spec"/> in the order that <see cref="LayerKind"/> tells.</summary>
    public static float[] Flatten(StreamNetwork actor, NetworkSpec spec, RunningScale observations)
    {
        var flat = new List<float>(spec.ParameterCount);
        int dense = 0;
        foreach (LayerSpec layer in spec.Layers)
        {
            switch (layer.Kind)
            {
                case LayerKind.Normaliser:
                    foreach (double mean in observations.Mean)
                        flat.Add((float)mean);
                    flat.AddRange(observations.Scale);
                    break;
                case LayerKind.LayerNorm:
                    flat.AddRange(Enumerable.Repeat(1f, layer.Outputs));
                    flat.AddRange(Enumerable.Repeat(0f, layer.Outputs));
                    break;
                default:
                    AddDense(actor, dense++, layer, flat);
                    break;
            }
        }
        return [.. flat];
    }

    private static void AddDense(StreamNetwork actor, int index, LayerSpec layer, List<float> flat)
    {
        for (int n = 0; n < layer.Outputs; n++)
        {
            for (int k = 0; k < layer.Inputs; k++)
                flat.Add(actor.Weight(index, n, k));
        }
        for (int n = 0; n < layer.Outputs; n++)
            flat.Add(actor.Weight(index, n, layer.Inputs));
    }

    private static string Problem(NetworkSpec spec)
    {
        if (spec.Head != PolicyHead.Deterministic)
            return $"head {spec.Head}: stream-ac adapts deterministic heads";
        ReadOnlySpan<LayerSpec> layers = spec.Layers;
        for (int l = 0; l < layers.Length; l++)
        {
            if (layers[l].Kind != LayerKind.Dense)
                return $"layer {l} is {layers[l].Kind}: stream-ac adapts dense layers only";
            if (l < layers.Length - 1 && layers[l].Activation != layers[0].Activation)
                return $"layer {l} has activation {layers[l].Activation}, layer 0 {layers[0].Activation}: stream-ac adapts networks with one hidden activation";
        }
        return "";
    }
}
