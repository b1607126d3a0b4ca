using System.Globalization;

namespace Robotics.Policies;

/// <summary>The tensors of a network in the order of its flat parameters, named as PyTorch names them.</summary>
internal static class TensorNames
{
    /// <summary>One tensor: name, shape, and its place in the flat parameters.</summary>
    public readonly record struct Tensor(string Name, int Rows, int Columns, int Offset)
    {
        /// <summary>Number of values; a vector has no columns.</summary>
        public int Count => Rows * Math.Max(Columns, 1);
    }

    /// <summary>All tensors of <paramref name="spec"/>.</summary>
    public static List<Tensor> Of(NetworkSpec spec)
    {
        var tensors = new List<Tensor>();
        int offset = 0;
        for (int i = 0; i < spec.Layers.Length; i++)
        {
            LayerSpec layer = spec.Layers[i];
            int n = layer.Outputs;
            string prefix = string.Create(CultureInfo.InvariantCulture, $"layers.{i}.");
            ReadOnlySpan<(string Name, int Rows, int Columns)> shapes = layer.Kind switch
            {
                LayerKind.Dense => [("weight", n, layer.Inputs), ("bias", n, 0)],
                LayerKind.Gru =>
                [
                    ("weight_ih", 3 * n, layer.Inputs),
                    ("bias_ih", 3 * n, 0),
                    ("weight_hh", 3 * n, n),
                    ("bias_hh", 3 * n, 0),
                    ("initial_state", n, 0),
                ],
                LayerKind.LayerNorm => [("weight", n, 0), ("bias", n, 0)],
                _ => [("mean", n, 0), ("scale", n, 0)],
            };
            foreach ((string name, int rows, int columns) in shapes)
            {
                tensors.Add(new Tensor(prefix + name, rows, columns, offset));
                offset += tensors[^1].Count;
            }
        }
        return tensors;
    }
}
