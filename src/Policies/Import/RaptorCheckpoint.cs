using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Robotics.Policies;

/// <summary>A policy as rl-tools stores it in a tar: the form in which RAPTOR (arXiv 2509.11481) is published.</summary>
/// <remarks>
/// Per layer a folder <c>actor/layers/N</c> with a text <c>meta</c> and one raw little-endian float32 file per tensor; plus example
/// inputs and outputs [steps, batch, values] recorded by the original code with the recurrent state started at zero.
/// Read with limits and by status; files are untrusted.
/// </remarks>
public sealed class RaptorCheckpoint
{
    private RaptorCheckpoint(NetworkSpec spec, float[] parameters, RaptorExample example)
    {
        Spec = spec;
        Parameters = parameters;
        Example = example;
    }

    /// <summary>Shape of the network.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>Its flat parameters.</summary>
    public float[] Parameters { get; }

    /// <summary>Recorded example.</summary>
    public RaptorExample Example { get; }

    /// <summary>Reads a checkpoint; false with the problem where it cannot be.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> archive, out RaptorCheckpoint? checkpoint, out string problem)
    {
        checkpoint = null;
        if (!TarFile.TryRead(archive, out Dictionary<string, ReadOnlyMemory<byte>> files, out problem))
            return false;
        var layers = new List<LayerSpec>();
        var parameters = new List<float>();
        for (int i = 0; files.ContainsKey($"actor/layers/{i}/meta") && i < NetworkSpec.MaxLayers; i++)
        {
            if (!TryReadLayer(files, $"actor/layers/{i}", layers, parameters, out problem))
                return false;
        }
        if (!NetworkSpec.TryCreate(CollectionsMarshal.AsSpan(layers), PolicyHead.Deterministic, true, out NetworkSpec? spec, out string? misfit))
        {
            problem = misfit!;
            return false;
        }
        if (!TryReadTensor(files, "example/input", 3, out int[] inShape, out float[] input, out problem)
            || !TryReadTensor(files, "example/output", 3, out int[] outShape, out float[] output, out problem))
            return false;
        if (inShape[0] != outShape[0] || inShape[1] != outShape[1] || inShape[2] != spec!.ObservationLength || outShape[2] != spec.ActionLength)
        {
            problem = $"example shapes [{string.Join(',', inShape)}] and [{string.Join(',', outShape)}] do not fit the network";
            return false;
        }
        checkpoint = new RaptorCheckpoint(spec, [.. parameters], new RaptorExample(inShape[0], inShape[1], input, output));
        return true;
    }

    private static bool TryReadLayer(
        Dictionary<string, ReadOnlyMemory<byte>> files,
        string path,
        List<LayerSpec> layers,
        List<float> parameters,
        out string problem
    )
    {
        Dictionary<string, string> meta = ReadMeta(files[$"{path}/meta"].Span);
        string type = meta.GetValueOrDefault("type", "");
        if (type is not ("dense" or "gru"))
        {
            problem = $"{path}: layer type '{type}' is not known (dense, gru)";
            return false;
        }
        string[] names = type == "gru"
            ? ["weights_input", "biases_input", "weights_hidden", "biases_hidden", "initial_hidden_state"]
            : ["weights", "biases"];
        int inputs = 0, outputs = 0;
        for (int i = 0; i < names.Length; i++)
        {
            bool isMatrix = names[i].StartsWith("weights", StringComparison.Ordinal);
            if (!TryReadTensor(files, $"{path}/{names[i]}/parameters", isMatrix ? 2 : 1, out int[] shape, out float[] values, out problem))
                return false;
            if (i == 0)
                (outputs, inputs) = (shape[0], shape[1]);
            int hidden = outputs / 3;
            long expected = i switch
            {
                0 => values.Length,
                2 => (long)outputs * hidden,
                4 => hidden,
                _ => outputs,
            };
            if (values.Length != expected)
            {
                problem = $"{path}/{names[i]}: {values.Length} values, expected {expected}";
                return false;
            }
            parameters.AddRange(values);
        }
        Activation activation = Activation.Identity;
        string function = meta.GetValueOrDefault("activation_function", "");
        if (type == "dense" && !TryParseActivation(function, out activation))
        {
            problem = $"{path}: activation '{function}' is not known (IDENTITY, RELU, TANH, FAST_TANH)";
            return false;
        }
        LayerSpec layer = type == "gru" ? LayerSpec.Gru(inputs, outputs / 3) : LayerSpec.Dense(inputs, outputs, activation);
        layers.Add(layer);
        problem = "";
        return true;
    }

    private static bool TryReadTensor(
        Dictionary<string, ReadOnlyMemory<byte>> files,
        string path,
        int dimensions,
        out int[] shape,
        out float[] values,
        out string problem
    )
    {
        shape = new int[dimensions];
        values = [];
        problem = $"{path}: missing";
        if (!files.TryGetValue($"{path}/meta", out ReadOnlyMemory<byte> metaBytes) || !files.TryGetValue($"{path}/data", out ReadOnlyMemory<byte> data))
            return false;
        Dictionary<string, string> meta = ReadMeta(metaBytes.Span);
        problem = $"{path}: not a float32 tensor of {dimensions} dimensions that its {data.Length} bytes fill";
        if (meta.GetValueOrDefault("dtype") != "float32" || meta.GetValueOrDefault("num_dims") != dimensions.ToString(CultureInfo.InvariantCulture))
            return false;
        long count = 1;
        for (int i = 0; i < dimensions; i++)
        {
            if (!int.TryParse(meta.GetValueOrDefault($"dim_{i}"), NumberStyles.None, CultureInfo.InvariantCulture, out shape[i]) || shape[i] <= 0)
                return false;
            count = Math.Min(count * shape[i], int.MaxValue);
        }
        if (count * sizeof(float) != data.Length)
            return false;
        values = MemoryMarshal.Cast<byte, float>(data.Span).ToArray();
        problem = "";
        return true;
    }

    private static Dictionary<string, string> ReadMeta(ReadOnlySpan<byte> bytes)
    {
        var meta = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                meta[line[..colon].Trim()] = line[(colon + 1)..].Trim();
        }
        return meta;
    }

    private static bool TryParseActivation(string name, out Activation activation)
    {
        (bool known, activation) = name switch
        {
            "IDENTITY" => (true, Activation.Identity),
            "RELU" => (true, Activation.Relu),
            "TANH" => (true, Activation.Tanh),
            "FAST_TANH" => (true, Activation.FastTanh),
            _ => (false, Activation.Identity),
        };
        return known;
    }
}
