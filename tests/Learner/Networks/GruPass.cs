using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;

namespace Robotics.Learner.Tests.Networks;

/// <summary>A batch of sequences through a unit and back, for L = Σ direction ∘ outputs. Inputs [step, B, inputs], directions [step, B, units].</summary>
internal sealed unsafe class GruPass : IDisposable
{
    private readonly Gru _gru;
    private readonly AlignedBuffer _memory;
    private readonly Matrix[] _inputs;

    public GruPass(Gru gru, int batch, int steps, float[] input, float[] direction)
    {
        (_gru, Input, Direction) = (gru, input, direction);
        int stride = DenseShape.StrideFor(gru.Input.Inputs);
        _memory = new AlignedBuffer((long)steps * batch * stride);
        _inputs = [.. Enumerable.Range(0, steps).Select(t => new Matrix((nint)(_memory.Pointer + ((nint)t * batch * stride)), batch, gru.Input.Inputs, stride))];
        Trace = new GruTrace(gru, batch, steps);
        Gradient = new AlignedBuffer(gru.ParameterLength);
    }

    public float[] Input { get; }

    public float[] Direction { get; }

    public GruTrace Trace { get; }

    public AlignedBuffer Gradient { get; }

    /// <summary>Forward; returns the loss.</summary>
    public double Forward()
    {
        double loss = 0;
        for (int t = 0; t < _inputs.Length; t++)
        {
            Copy(Input, t, _inputs[t]);
            Matrix y = _gru.Forward(_inputs[t], Trace, t);
            for (int b = 0; b < y.Rows; b++)
            {
                for (int u = 0; u < y.Columns; u++)
                    loss += (double)y.Row(b)[u] * Direction[(((t * y.Rows) + b) * y.Columns) + u];
            }
        }
        return loss;
    }

    /// <summary>Forward and back.</summary>
    public void Run()
    {
        Forward();
        Trace.ClearGradients();
        Gradient.Span.Clear();
        for (int t = 0; t < _inputs.Length; t++)
            Copy(Direction, t, Trace.OutputGradient(t));
        for (int t = _inputs.Length - 1; t >= 0; t--)
            _gru.Backward(Trace, t, Gradient);
    }

    public void Dispose()
    {
        Trace.Dispose();
        Gradient.Dispose();
        _memory.Dispose();
    }

    private static void Copy(float[] values, int t, Matrix target)
    {
        for (int b = 0; b < target.Rows; b++)
            values.AsSpan(((t * target.Rows) + b) * target.Columns, target.Columns).CopyTo(target.Span(b));
    }
}
