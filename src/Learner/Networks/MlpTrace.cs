using Robotics.Learner.Kernels;

namespace Robotics.Learner.Networks;

/// <summary>What a forward pass leaves for its reverse pass: outputs, derivatives and gradients of every layer for one batch.</summary>
/// <remarks>Allocated once for the largest batch. One trace belongs to one pass at a time.</remarks>
public sealed unsafe class MlpTrace : IDisposable
{
    private readonly AlignedBuffer _memory;
    private readonly Matrix[] _outputs;
    private readonly Matrix[] _derivatives;
    private readonly Matrix[] _gradients;
    private readonly Matrix[] _standards; // normalised sums, where layers are normalised
    private readonly Matrix[] _scales; // 1 / standard deviation of every row
    private readonly Matrix _inputGradient;
    private Matrix _input;

    /// <summary>Room for <paramref name="maxBatch"/> rows; without <paramref name="withGradients"/> only forward passes.</summary>
    /// <param name="shape">Of the network.</param>
    /// <param name="maxBatch">Rows at most.</param>
    /// <param name="withGradients">Reverse passes are wanted.</param>
    /// <param name="workspace">A trace of the same shape and room whose gradients this one uses, where reverse passes follow each other: many
    /// traces at once are then that much smaller, and their gradients stay in the cache. It must live as long.</param>
    public MlpTrace(MlpShape shape, int maxBatch, bool withGradients = true, MlpTrace? workspace = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        int count = shape.Layers.Count;
        long floats = shape.Layers.Sum(l => maxBatch * ((4L * DenseShape.StrideFor(l.Outputs)) + DenseShape.PanelWidth));
        floats += (long)maxBatch * DenseShape.StrideFor(shape.InputLength);
        _memory = new AlignedBuffer(floats);
        (_outputs, _derivatives, _gradients) = (new Matrix[count], new Matrix[count], new Matrix[count]);
        (_standards, _scales) = (new Matrix[count], new Matrix[count]);
        float* free = _memory.Pointer;
        for (int l = 0; l < count; l++)
        {
            _outputs[l] = Take(ref free, maxBatch, shape.Layers[l].Outputs);
            if (shape.IsNormalised(l))
            {
                _standards[l] = Take(ref free, maxBatch, shape.Layers[l].Outputs);
                _scales[l] = new Matrix((nint)free, maxBatch, 1, 1);
                free += (maxBatch + DenseShape.PanelWidth - 1) / DenseShape.PanelWidth * DenseShape.PanelWidth;
            }
            if (!withGradients)
                continue;
            if (shape.ActivationAfter(l) == Activation.FastTanh)
                _derivatives[l] = Take(ref free, maxBatch, shape.Layers[l].Outputs);
            _gradients[l] = workspace is null ? Take(ref free, maxBatch, shape.Layers[l].Outputs) : workspace._gradients[l];
        }
        if (withGradients)
            _inputGradient = workspace is null ? Take(ref free, maxBatch, shape.InputLength) : workspace._inputGradient;
    }

    /// <summary>Rows of the current batch.</summary>
    public int Rows => _input.Rows;

    /// <summary>Outputs of the last forward pass, [B, outputs].</summary>
    public Matrix Output => OutputOf(_outputs.Length - 1);

    /// <summary>dL/doutput, [B, outputs], to be filled before the reverse pass.</summary>
    public Matrix OutputGradient => GradientOf(_gradients.Length - 1);

    /// <summary>dL/dinput, [B, inputs], after a reverse pass that asked for it.</summary>
    public Matrix InputGradient => _inputGradient.Head(Rows);

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    internal void Begin(Matrix input) => _input = input;

    internal Matrix InputOf(int layer) => layer == 0 ? _input : OutputOf(layer - 1);

    internal Matrix OutputOf(int layer) => _outputs[layer].Head(Rows);

    internal Matrix DerivativeOf(int layer) => _derivatives[layer].Data == 0 ? default : _derivatives[layer].Head(Rows);

    internal Matrix StandardOf(int layer) => _standards[layer].Head(Rows);

    internal Matrix ScalesOf(int layer) => _scales[layer].Head(Rows);

    internal Matrix GradientOf(int layer) => _gradients[layer].Head(Rows);

    // What the gradient through the activation needs: its stored derivative, or its output where the sign tells it.
    internal Matrix GateOf(int layer, Activation activation) =>
        activation == Activation.FastTanh ? DerivativeOf(layer) : OutputOf(layer);

    // Row b of the gradient belongs to row rows[b] of the pass; null: to row b.
    internal void ApplyOutputSlope(Activation activation, int count, int* rows)
    {
        if (activation == Activation.Identity)
            return;
        Matrix gradient = OutputGradient;
        Matrix gate = GateOf(_outputs.Length - 1, activation);
        for (int b = 0; b < count; b++)
        {
            Span<float> dy = gradient.Span(b);
            Span<float> g = gate.Span(rows is null ? b : rows[b]);
            for (int n = 0; n < dy.Length; n++)
                dy[n] *= Slope(activation, g[n]);
        }
    }

    private static float Slope(Activation activation, float gate) =>
        activation switch
        {
            Activation.FastTanh => gate,
            Activation.LeakyRelu => gate > 0 ? 1 : SimdKernels.LeakySlope,
            _ => gate > 0 ? 1 : 0,
        };

    private static Matrix Take(ref float* free, int rows, int columns)
    {
        int stride = DenseShape.StrideFor(columns);
        var matrix = new Matrix((nint)free, rows, columns, stride);
        free += (nint)rows * stride;
        return matrix;
    }
}
