namespace Robotics.Policies;

/// <summary>How enumerations are spelt in a manifest.</summary>
internal static class JsonNames
{
    private static readonly string[] Kinds = ["", "dense", "gru", "layer_norm", "normaliser"];
    private static readonly string[] Activations = ["identity", "relu", "tanh", "fast_tanh", "leaky_relu"];
    private static readonly string[] Heads = ["deterministic", "tanh_gaussian"];

    public static string Of(LayerKind kind) => Kinds[(int)kind];

    public static string Of(Activation activation) => Activations[(int)activation];

    public static string Of(PolicyHead head) => Heads[(int)head];

    public static bool TryParse(string name, out LayerKind kind)
    {
        kind = (LayerKind)Math.Max(Array.IndexOf(Kinds, name), 0);
        return kind != 0;
    }

    public static bool TryParse(string name, out Activation activation)
    {
        int index = Array.IndexOf(Activations, name);
        activation = (Activation)Math.Max(index, 0);
        return index >= 0;
    }

    public static bool TryParse(string name, out PolicyHead head)
    {
        int index = Array.IndexOf(Heads, name);
        head = (PolicyHead)Math.Max(index, 0);
        return index >= 0;
    }
}
