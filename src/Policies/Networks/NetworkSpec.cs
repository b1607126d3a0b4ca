namespace Robotics.Policies;

/// <summary>Shape of a policy network: its layers in order, its head, and whether the action is clamped.</summary>
/// <remarks>
/// Together with a flat array of float parameters this is how a network changes hands: layer after layer, each tensor row-major
/// [outputs, inputs], in the order that <see cref="LayerKind"/> tells. Immutable; safe from any thread.
/// </remarks>
public sealed class NetworkSpec : IEquatable<NetworkSpec>
{
    /// <summary>Most layers of one network.</summary>
    public const int MaxLayers = 32;

    /// <summary>Most values between two layers: keeps every product of two widths inside 31 bits.</summary>
    public const int MaxWidth = 16_384;

    /// <summary>Most parameters of one network: 64 Mi floats (256 MiB), far above what flies at 100 Hz on one core.</summary>
    public const long MaxParameters = 64L << 20;

    private readonly LayerSpec[] _layers;

    /// <summary>A network of <paramref name="layers"/>.</summary>
    /// <exception cref="ArgumentException">The layers do not fit together; <see cref="TryCreate"/> tells without throwing.</exception>
    public NetworkSpec(IEnumerable<LayerSpec> layers, PolicyHead head = PolicyHead.Deterministic, bool clampOutput = true)
        : this([.. layers], head, clampOutput)
    {
        if (FindProblem(_layers, head) is { } problem)
            throw new ArgumentException(problem, nameof(layers));
    }

    private NetworkSpec(LayerSpec[] layers, PolicyHead head, bool clampOutput)
    {
        _layers = layers;
        Head = head;
        ClampOutput = clampOutput;
        foreach (LayerSpec layer in layers)
        {
            ParameterCount += (int)Math.Min(layer.ParameterCount, int.MaxValue / MaxLayers);
            StateLength += layer.StateLength;
        }
    }

    /// <summary>Layers from the observation to the action.</summary>
    public ReadOnlySpan<LayerSpec> Layers => _layers;

    /// <summary>How the last output becomes an action.</summary>
    public PolicyHead Head { get; }

    /// <summary>True where the action is clamped to [-1, 1], the range of a task's normalised action.</summary>
    public bool ClampOutput { get; }

    /// <summary>Number of observation values.</summary>
    public int ObservationLength => _layers[0].Inputs;

    /// <summary>Number of action values.</summary>
    public int ActionLength => Head == PolicyHead.TanhGaussian ? _layers[^1].Outputs / 2 : _layers[^1].Outputs;

    /// <summary>Number of float parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>Number of recurrent state values, over all recurrent layers in order.</summary>
    public int StateLength { get; }

    /// <summary>A multilayer perceptron, for example <c>Mlp([146, 64, 64, 4], Activation.FastTanh, Activation.FastTanh)</c>.</summary>
    public static NetworkSpec Mlp(
        ReadOnlySpan<int> widths,
        Activation hidden,
        Activation output,
        PolicyHead head = PolicyHead.Deterministic,
        bool clampOutput = true
    )
    {
        var layers = new LayerSpec[widths.Length - 1];
        for (int i = 0; i < layers.Length; i++)
            layers[i] = LayerSpec.Dense(widths[i], widths[i + 1], i == layers.Length - 1 ? output : hidden);
        return new NetworkSpec((IEnumerable<LayerSpec>)layers, head, clampOutput);
    }

    /// <summary>The network of <paramref name="layers"/>, or what is wrong with them.</summary>
    public static bool TryCreate(
        ReadOnlySpan<LayerSpec> layers,
        PolicyHead head,
        bool clampOutput,
        out NetworkSpec? spec,
        out string? problem
    )
    {
        problem = FindProblem(layers, head);
        spec = problem is null ? new NetworkSpec(layers.ToArray(), head, clampOutput) : null;
        return problem is null;
    }

    /// <inheritdoc/>
    public bool Equals(NetworkSpec? other) =>
        other is not null
        && Head == other.Head
        && ClampOutput == other.ClampOutput
        && _layers.AsSpan().SequenceEqual(other._layers);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NetworkSpec);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Head, ClampOutput, _layers.Length, ParameterCount, StateLength);

    /// <summary>True where these layers make a network. Allocates nothing.</summary>
    internal static bool Fits(ReadOnlySpan<LayerSpec> layers, PolicyHead head)
    {
        if (layers.Length is 0 or > MaxLayers || head > PolicyHead.TanhGaussian)
            return false;
        long parameters = 0;
        for (int i = 0; i < layers.Length; i++)
        {
            if (!layers[i].IsValid || (i > 0 && layers[i].Inputs != layers[i - 1].Outputs))
                return false;
            parameters += layers[i].ParameterCount;
        }
        return parameters <= MaxParameters && (head == PolicyHead.Deterministic || layers[^1].Outputs % 2 == 0);
    }

    /// <summary>What is wrong with a network of these layers, or null.</summary>
    private static string? FindProblem(ReadOnlySpan<LayerSpec> layers, PolicyHead head)
    {
        if (layers.Length is 0 or > MaxLayers)
            return $"{layers.Length} layers, allowed 1 to {MaxLayers}";
        if (head > PolicyHead.TanhGaussian)
            return $"head {(int)head} is not known";
        if (head == PolicyHead.TanhGaussian && layers[^1].Outputs % 2 != 0)
            return $"a tanh-Gaussian head needs an even number of outputs, the last layer has {layers[^1].Outputs}";
        long parameters = 0;
        for (int i = 0; i < layers.Length; i++)
        {
            if (!layers[i].IsValid)
                return $"layer {i}: {layers[i]} is not valid (widths 1 to {MaxWidth}, known kind and activation)";
            if (i > 0 && layers[i].Inputs != layers[i - 1].Outputs)
                return $"layer {i} takes {layers[i].Inputs} values, layer {i - 1} gives {layers[i - 1].Outputs}";
            parameters += layers[i].ParameterCount;
        }
        return parameters > MaxParameters ? $"{parameters} parameters, allowed {MaxParameters}" : null;
    }
}
