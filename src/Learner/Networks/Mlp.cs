using Robotics.Core;
using Robotics.Learner.Kernels;

namespace Robotics.Learner.Networks;

/// <summary>A multilayer perceptron for training: parameters in kernel layout, forward and reverse mode over a batch.</summary>
/// <remarks>One buffer holds all weights (panel form, see <see cref="DenseShape"/>) followed by all biases, so that optimisers and
/// averages are single loops. Not thread-safe; a forward pass on another thread needs its own <see cref="MlpTrace"/>.</remarks>
public sealed unsafe class Mlp : IDisposable
{
    private readonly AlignedBuffer _transposed;
    private readonly int[] _weightOffsets;
    private readonly int[] _biasOffsets;
    private readonly int[] _gainOffsets; // shifts follow gains
    private readonly int[] _transposedOffsets;
    private readonly bool[] _transposedFresh;

    public Mlp(MlpShape shape, DenseKernels kernels)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Shape = shape;
        Kernels = kernels;
        int count = shape.Layers.Count;
        (_weightOffsets, _biasOffsets, _transposedOffsets, _gainOffsets) = (new int[count], new int[count], new int[count], new int[count]);
        _transposedFresh = new bool[count];
        int weights = 0, biases = shape.WeightLength, transposed = 0;
        for (int l = 0; l < count; l++)
        {
            (_weightOffsets[l], _biasOffsets[l], _transposedOffsets[l]) = (weights, biases, transposed);
            weights += shape.Layers[l].WeightLength;
            biases += shape.Layers[l].PaddedOutputs;
            transposed += shape.Layers[l].TransposedLength;
        }
        for (int l = 0, gains = biases; l < count; l++)
        {
            _gainOffsets[l] = gains;
            gains += shape.Normalisation == Normalisation.Affine && l < count - 1 ? 2 * shape.Layers[l].Outputs : 0;
        }
        Parameters = new AlignedBuffer(shape.ParameterLength);
        _transposed = new AlignedBuffer(transposed);
    }

    public MlpShape Shape { get; }

    public DenseKernels Kernels { get; }

    /// <summary>All weights, then all biases. Whoever writes it calls <see cref="OnParametersChanged"/>.</summary>
    public AlignedBuffer Parameters { get; }

    /// <summary>Draws weights and biases from U(±1/√fan_in): PyTorch's Linear default, and the published recipe's.</summary>
    public void Initialize(SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        for (int l = 0; l < Shape.Layers.Count; l++)
        {
            DenseShape layer = Shape.Layers[l];
            double bound = 1 / Math.Sqrt(layer.Inputs);
            for (int n = 0; n < layer.Outputs; n++)
            {
                for (int k = 0; k < layer.Inputs; k++)
                    Weight(l, n, k) = (float)random.NextUniform(-bound, bound);
                Bias(l, n) = (float)random.NextUniform(-bound, bound);
                if (Shape.IsNormalised(l) && Shape.Normalisation == Normalisation.Affine)
                    Gain(l, n) = 1;
            }
        }
        OnParametersChanged();
    }

    /// <summary>The weight of layer <paramref name="layer"/> from <paramref name="input"/> to <paramref name="output"/>.</summary>
    public ref float Weight(int layer, int output, int input) =>
        ref Parameters.Pointer[_weightOffsets[layer] + Shape.Layers[layer].IndexOf(output, input)];

    public ref float Bias(int layer, int output) => ref Parameters.Pointer[_biasOffsets[layer] + output];

    /// <summary>Gain of the normalisation after layer <paramref name="layer"/>.</summary>
    public ref float Gain(int layer, int output) => ref Parameters.Pointer[_gainOffsets[layer] + output];

    /// <summary>Shift of the normalisation after layer <paramref name="layer"/>.</summary>
    public ref float Shift(int layer, int output) => ref Parameters.Pointer[_gainOffsets[layer] + Shape.Layers[layer].Outputs + output];

    /// <summary>Index in <see cref="Parameters"/> of the gains after layer <paramref name="layer"/>; its shifts follow them.</summary>
    public int GainIndex(int layer) => _gainOffsets[layer];

    /// <summary>Index in <see cref="Parameters"/> (and in gradients) of a weight.</summary>
    public int WeightIndex(int layer, int output, int input) => _weightOffsets[layer] + Shape.Layers[layer].IndexOf(output, input);

    /// <summary>Index in <see cref="Parameters"/> (and in gradients) of a bias.</summary>
    public int BiasIndex(int layer, int output) => _biasOffsets[layer] + output;

    /// <summary>Parameters as networks change hands: layer after layer, weights row-major [outputs, inputs], then biases.</summary>
    public float[] ToRowMajor()
    {
        var flat = new float[Shape.Layers.Sum(l => (l.Inputs + 1) * l.Outputs)];
        int i = 0;
        for (int l = 0; l < Shape.Layers.Count; l++)
        {
            for (int n = 0; n < Shape.Layers[l].Outputs; n++)
            {
                for (int k = 0; k < Shape.Layers[l].Inputs; k++)
                    flat[i++] = Weight(l, n, k);
            }
            for (int n = 0; n < Shape.Layers[l].Outputs; n++)
                flat[i++] = Bias(l, n);
        }
        return flat;
    }

    /// <summary>Drops what was derived from the parameters.</summary>
    public void OnParametersChanged() => Array.Clear(_transposedFresh);

    /// <summary>Copies all parameters of a network of the same shape.</summary>
    public void CopyFrom(Mlp other)
    {
        ArgumentNullException.ThrowIfNull(other);
        other.Parameters.Span.CopyTo(Parameters.Span);
        OnParametersChanged();
    }

    /// <summary>this ← keep·this + (1 - keep)·source: the slowly following target network.</summary>
    public void Follow(Mlp source, float keep)
    {
        ArgumentNullException.ThrowIfNull(source);
        Kernels.Polyak(Parameters.Pointer, source.Parameters.Pointer, Shape.ParameterLength, keep);
        OnParametersChanged();
    }

    /// <summary>Evaluates the batch <paramref name="input"/> [B, inputs]; returns the outputs [B, outputs], which live in the trace.</summary>
    public Matrix Forward(Matrix input, MlpTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        trace.Begin(input);
        float* p = Parameters.Pointer;
        for (int l = 0; l < Shape.Layers.Count; l++)
        {
            bool normalised = Shape.IsNormalised(l);
            Kernels.Forward(
                Shape.Layers[l],
                trace.InputOf(l),
                p + _weightOffsets[l],
                p + _biasOffsets[l],
                normalised ? trace.StandardOf(l) : trace.OutputOf(l),
                normalised ? Activation.Identity : Shape.ActivationAfter(l),
                normalised ? default : trace.DerivativeOf(l)
            );
            if (normalised)
                Kernels.Normalise(trace.StandardOf(l), GainsOf(p, l), ShiftsOf(p, l), trace.OutputOf(l), trace.ScalesOf(l), Shape.Hidden, trace.DerivativeOf(l));
        }
        return trace.Output;
    }

    private float* GainsOf(float* parameters, int layer) =>
        Shape.Normalisation == Normalisation.Affine ? parameters + _gainOffsets[layer] : null;

    private float* ShiftsOf(float* parameters, int layer) =>
        Shape.Normalisation == Normalisation.Affine ? parameters + _gainOffsets[layer] + Shape.Layers[layer].Outputs : null;

    /// <summary>Reverse mode of the last <see cref="Forward"/> into the same trace, from <see cref="MlpTrace.OutputGradient"/>
    /// (dL/dy, overwritten).</summary>
    /// <param name="trace">The trace of the forward pass.</param>
    /// <param name="gradient">dL/dparameters in the layout of <see cref="Parameters"/>, overwritten; null leaves it out.</param>
    /// <param name="inputFrom">First input column whose gradient is wanted in <see cref="MlpTrace.InputGradient"/>; -1 for none.</param>
    public void Backward(MlpTrace trace, AlignedBuffer? gradient, int inputFrom = -1)
    {
        ArgumentNullException.ThrowIfNull(trace);
        Reverse(trace, gradient is null ? null : gradient.Pointer, inputFrom, trace.Rows, null);
    }

    /// <summary>As <see cref="Backward"/>, towards the input only, for some rows of the batch: row b of <see cref="MlpTrace.OutputGradient"/>
    /// and of <see cref="MlpTrace.InputGradient"/> belongs to row <paramref name="rows"/>[b] of the forward pass. The others cost nothing.</summary>
    public void BackwardRows(MlpTrace trace, ReadOnlySpan<int> rows, int inputFrom)
    {
        ArgumentNullException.ThrowIfNull(trace);
        fixed (int* map = rows)
            Reverse(trace, null, inputFrom, rows.Length, map);
    }

    private void Reverse(MlpTrace trace, float* gradient, int inputFrom, int count, int* rows)
    {
        trace.ApplyOutputSlope(Shape.Output, count, rows);
        for (int l = Shape.Layers.Count - 1; l >= 0; l--)
        {
            DenseShape layer = Shape.Layers[l];
            Matrix dy = trace.GradientOf(l).Head(count);
            if (Shape.IsNormalised(l))
                ReverseNormalisation(trace, l, dy, gradient, rows);
            if (gradient is not null)
                Kernels.BackwardWeights(layer, trace.InputOf(l), dy, gradient + _weightOffsets[l], gradient + _biasOffsets[l]);
            if (l > 0)
                Kernels.BackwardInput(layer, dy, Transposed(l), trace.GradientOf(l - 1).Head(count), Shape.Hidden, trace.GateOf(l - 1, Shape.Hidden), rows: rows);
            else if (inputFrom >= 0)
                Kernels.BackwardInput(layer, dy, Transposed(0), trace.InputGradient.Head(count), Activation.Identity, default, inputFrom / DenseShape.PanelWidth);
        }
    }

    private void ReverseNormalisation(MlpTrace trace, int layer, Matrix dy, float* gradient, int* rows)
    {
        float* gains = gradient is null ? null : GainsOf(gradient, layer), shifts = gradient is null ? null : ShiftsOf(gradient, layer);
        Kernels.BackwardNormalise(dy, trace.StandardOf(layer), trace.ScalesOf(layer), GainsOf(Parameters.Pointer, layer), gains, shifts, rows);
    }

    /// <summary>Computes what reverse passes derive from the parameters, so that several threads may run one on this network at once.</summary>
    public void PrepareBackward()
    {
        for (int l = 1; l < Shape.Layers.Count; l++)
            Transposed(l);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Parameters.Dispose();
        _transposed.Dispose();
    }

    private float* Transposed(int layer)
    {
        float* target = _transposed.Pointer + _transposedOffsets[layer];
        if (!_transposedFresh[layer])
        {
            Kernels.Transpose(Shape.Layers[layer], Parameters.Pointer + _weightOffsets[layer], target);
            _transposedFresh[layer] = true;
        }
        return target;
    }
}
