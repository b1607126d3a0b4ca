using System.Globalization;

namespace Robotics.Policies;

/// <summary>Writes a policy as an ONNX model, so that other runtimes can run it.</summary>
/// <remarks>
/// Input <c>observation</c> [1, O], output <c>action</c> [1, A]: the deterministic action. Per recurrent layer N an input <c>state_N</c> [1, 1, H]
/// and an output <c>next_state_N</c> to be given back in the next step; the constant output <c>initial_state_N</c> is what the first step gets. Stateless; safe from any thread.
/// </remarks>
public static class OnnxExport
{
    /// <summary>The model of <paramref name="spec"/> with its flat <paramref name="parameters"/>.</summary>
    public static byte[] Write(NetworkSpec spec, ReadOnlySpan<float> parameters, string name = "policy")
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (parameters.Length != spec.ParameterCount)
            throw new ArgumentException($"{parameters.Length} parameters given, the network has {spec.ParameterCount}", nameof(parameters));
        var graph = new OnnxGraph();
        graph.Input("observation", [1, spec.ObservationLength]);
        string value = "observation";
        for (int i = 0; i < spec.Layers.Length; i++)
        {
            LayerSpec layer = spec.Layers[i];
            int count = (int)layer.ParameterCount;
            value = Activate(graph, layer.Activation, Layer(graph, layer, i, parameters[..count], value));
            parameters = parameters[count..];
        }
        value = Head(graph, spec, value);
        graph.Node("Identity", [value], ["action"], []);
        graph.Output("action", [1, spec.ActionLength]);
        return graph.ToModel(name);
    }

    private static string Layer(OnnxGraph graph, LayerSpec layer, int index, ReadOnlySpan<float> parameters, string x)
    {
        int n = layer.Outputs;
        switch (layer.Kind)
        {
            case LayerKind.Dense:
                string w = graph.Constant(parameters[..(n * layer.Inputs)], [n, layer.Inputs]);
                string b = graph.Constant(parameters[(n * layer.Inputs)..], [n]);
                return graph.Node("Gemm", [x, w, b], ("transB", 1));
            case LayerKind.Gru:
                return Gru(graph, layer, index, parameters, x);
            case LayerKind.LayerNorm:
                return LayerNorm(graph, parameters[..n], parameters[n..], x);
            default:
                string centred = graph.Node("Sub", [x, graph.Constant(parameters[..n], [n])]);
                string scaled = graph.Node("Mul", [centred, graph.Constant(parameters[n..], [n])]);
                return graph.Node("Clip", [scaled, graph.Scalar(-10), graph.Scalar(10)]);
        }
    }

    // ONNX orders the gates z, r, n and joins the two biases; linear_before_reset is PyTorch's (and our) form.
    private static string Gru(OnnxGraph graph, LayerSpec layer, int index, ReadOnlySpan<float> parameters, string x)
    {
        int h = layer.Outputs, inputs = layer.Inputs;
        ReadOnlySpan<float> wi = parameters[..(3 * h * inputs)];
        ReadOnlySpan<float> bi = parameters.Slice(wi.Length, 3 * h);
        ReadOnlySpan<float> wh = parameters.Slice(wi.Length + bi.Length, 3 * h * h);
        ReadOnlySpan<float> bh = parameters.Slice(wi.Length + bi.Length + wh.Length, 3 * h);
        string suffix = index.ToString(CultureInfo.InvariantCulture);
        graph.Input($"state_{suffix}", [1, 1, h]);
        graph.Node("Identity", [graph.Constant(parameters[^h..], [1, 1, h])], [$"initial_state_{suffix}"], []);
        graph.Output($"initial_state_{suffix}", [1, 1, h]);
        string sequence = graph.Node("Reshape", [x, graph.Constant(1, 1, inputs)]);
        string w = graph.Constant(Reorder(wi, h * inputs), [1, 3 * h, inputs]);
        string r = graph.Constant(Reorder(wh, h * h), [1, 3 * h, h]);
        string b = graph.Constant([.. Reorder(bi, h), .. Reorder(bh, h)], [1, 6 * h]);
        graph.Node("GRU", [sequence, w, r, b, "", $"state_{suffix}"], ["", $"next_state_{suffix}"], [("hidden_size", h), ("linear_before_reset", 1)]);
        graph.Output($"next_state_{suffix}", [1, 1, h]);
        return graph.Node("Reshape", [$"next_state_{suffix}", graph.Constant(1, h)]);
    }

    private static float[] Reorder(ReadOnlySpan<float> gates, int size) =>
        [.. gates.Slice(size, size), .. gates[..size], .. gates.Slice(2 * size, size)];

    private static string LayerNorm(OnnxGraph graph, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, string x)
    {
        int[] last = [1];
        string centred = graph.Node("Sub", [x, graph.Node("ReduceMean", [x], ("axes", last))]);
        string variance = graph.Node("ReduceMean", [graph.Node("Mul", [centred, centred])], ("axes", last));
        string deviation = graph.Node("Sqrt", [graph.Node("Add", [variance, graph.Scalar(1e-5f)])]);
        string normal = graph.Node("Div", [centred, deviation]);
        string scaled = graph.Node("Mul", [normal, graph.Constant(scale, [scale.Length])]);
        return graph.Node("Add", [scaled, graph.Constant(shift, [shift.Length])]);
    }

    private static string Activate(OnnxGraph graph, Activation activation, string x) =>
        activation switch
        {
            Activation.Relu => graph.Node("Relu", [x]),
            Activation.Tanh => graph.Node("Tanh", [x]),
            Activation.LeakyRelu => graph.Node("LeakyRelu", [x], ("alpha", 0.01f)),
            Activation.FastTanh => FastTanh(graph, x),
            _ => x,
        };

    private static string FastTanh(OnnxGraph graph, string x)
    {
        string clipped = graph.Node("Clip", [x, graph.Scalar(-3), graph.Scalar(3)]);
        string squared = graph.Node("Mul", [clipped, clipped]);
        string numerator = graph.Node("Mul", [clipped, graph.Node("Add", [squared, graph.Scalar(27)])]);
        string denominator = graph.Node("Add", [graph.Node("Mul", [squared, graph.Scalar(9)]), graph.Scalar(27)]);
        return graph.Node("Div", [numerator, denominator]);
    }

    private static string Head(OnnxGraph graph, NetworkSpec spec, string x)
    {
        if (spec.Head == PolicyHead.TanhGaussian)
        {
            string mean = graph.Node("Slice", [x, graph.Constant(0), graph.Constant(spec.ActionLength), graph.Constant(1)]);
            return graph.Node("Tanh", [mean]);
        }
        return spec.ClampOutput ? graph.Node("Clip", [x, graph.Scalar(-1), graph.Scalar(1)]) : x;
    }
}
