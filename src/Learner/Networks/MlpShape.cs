using Robotics.Learner.Kernels;

namespace Robotics.Learner.Networks;

/// <summary>Widths and activations of a multilayer perceptron.</summary>
public sealed class MlpShape
{
    /// <summary>Layers of <paramref name="widths"/> (input first, output last).</summary>
    /// <exception cref="ArgumentException">Layer normalisation over a width that is not a multiple of 16.</exception>
    public MlpShape(IReadOnlyList<int> widths, Activation hidden, Activation output, Normalisation normalisation = Normalisation.None)
    {
        ArgumentNullException.ThrowIfNull(widths);
        ArgumentOutOfRangeException.ThrowIfLessThan(widths.Count, 2);
        Normalisation = normalisation;
        bool odd = widths.Skip(1).SkipLast(1).Any(w => w % DenseShape.PanelWidth != 0);
        if (normalisation != Normalisation.None && odd)
            throw new ArgumentException($"hidden widths {string.Join(", ", widths)}: layer normalisation needs multiples of {DenseShape.PanelWidth}", nameof(widths));
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

    /// <summary>What stands between a hidden layer's sum and its activation.</summary>
    public Normalisation Normalisation { get; }

    public int InputLength => Layers[0].Inputs;

    public int OutputLength => Layers[^1].Outputs;

    /// <summary>Floats of all weights in the panel form; biases, then gains and shifts of the normalisation follow in the same buffer.</summary>
    public int WeightLength => Layers.Sum(l => l.WeightLength);

    /// <summary>Floats of weights, biases, gains and shifts.</summary>
    public int ParameterLength => WeightLength + Layers.Sum(l => l.PaddedOutputs) + NormLength;

    private int NormLength => Normalisation == Normalisation.Affine ? 2 * Layers.SkipLast(1).Sum(l => l.Outputs) : 0;

    /// <summary>True where layer <paramref name="layer"/> is normalised: every layer but the last, where there is normalisation.</summary>
    public bool IsNormalised(int layer) => Normalisation != Normalisation.None && layer < Layers.Count - 1;

    /// <summary>Activation after layer <paramref name="layer"/>.</summary>
    public Activation ActivationAfter(int layer) => layer == Layers.Count - 1 ? Output : Hidden;
}
