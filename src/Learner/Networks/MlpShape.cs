using Robotics.Learner.Kernels;

namespace Robotics.Learner.Networks;

/// <summary>Widths and activations of a multilayer perceptron.</summary>
public sealed class MlpShape
{
    /// <summary>Layers of <paramref name="widths"/> (input first, output last).</summary>
    public MlpShape(IReadOnlyList<int> widths, Activation hidden, Activation output)
    {
        ArgumentNullException.ThrowIfNull(widths);
        ArgumentOutOfRangeException.ThrowIfLessThan(widths.Count, 2);
        Layers = [.. widths.Skip(1).Select((outputs, i) => new DenseShape(widths[i], outputs))];
        Hidden = hidden;
        Output = output;
    }

    /// <summary>Dense layers, input side first.</summary>
    public IReadOnlyList<DenseShape> Layers { get; }

    /// <summary>Activation after every layer but the last.</summary>
    public Activation Hidden { get; }

    /// <summary>Activation after the last layer.</summary>
    public Activation Output { get; }

    public int InputLength => Layers[0].Inputs;

    public int OutputLength => Layers[^1].Outputs;

    /// <summary>Floats of all weights in the panel form; the biases follow them in the same buffer.</summary>
    public int WeightLength => Layers.Sum(l => l.WeightLength);

    /// <summary>Floats of weights and biases.</summary>
    public int ParameterLength => WeightLength + Layers.Sum(l => l.PaddedOutputs);

    /// <summary>Activation after layer <paramref name="layer"/>.</summary>
    public Activation ActivationAfter(int layer) => layer == Layers.Count - 1 ? Output : Hidden;
}
