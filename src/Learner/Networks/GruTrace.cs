using Robotics.Learner.Kernels;

namespace Robotics.Learner.Networks;

/// <summary>What the forward passes of a <see cref="Gru"/> over a batch of sequences leave for backpropagation through time.</summary>
/// <remarks>Allocated once. Hidden states begin at 0 unless <see cref="Initial"/> is written.</remarks>
public sealed unsafe class GruTrace : IDisposable
{
    private readonly AlignedBuffer _memory;
    private readonly Matrix[] _inputs;
    private readonly Matrix[] _gates;
    private readonly Matrix[] _hiddenGates;
    private readonly Matrix[] _hidden; // [0] is the initial state, [t + 1] the output of step t
    private readonly Matrix[] _gradients; // as _hidden
    private readonly Matrix[] _inputGradients;

    /// <summary>Room for <paramref name="batch"/> sequences of <paramref name="steps"/> steps.</summary>
    public GruTrace(Gru gru, int batch, int steps)
    {
        ArgumentNullException.ThrowIfNull(gru);
        int units = gru.Units, gates = 3 * units, inputs = gru.Input.Inputs;
        long perRow = (2L * DenseShape.StrideFor(gates)) + (2L * DenseShape.StrideFor(units)) + DenseShape.StrideFor(inputs);
        long once = DenseShape.StrideFor(gates) + (4L * DenseShape.StrideFor(units));
        _memory = new AlignedBuffer(batch * ((steps * perRow) + once));
        float* free = _memory.Pointer;
        _inputs = new Matrix[steps];
        _gates = TakeAll(steps, gates);
        _hiddenGates = TakeAll(steps, gates);
        _hidden = TakeAll(steps + 1, units);
        _gradients = TakeAll(steps + 1, units);
        _inputGradients = TakeAll(steps, inputs);
        GateGradient = Take(gates);
        Carried = Take(units);
        ThroughGates = Take(units);

        Matrix[] TakeAll(int count, int columns)
        {
            var taken = new Matrix[count];
            for (int i = 0; i < count; i++)
                taken[i] = Take(columns);
            return taken;
        }

        Matrix Take(int columns)
        {
            var matrix = new Matrix((nint)free, batch, columns, DenseShape.StrideFor(columns));
            free += (nint)batch * matrix.Stride;
            return matrix;
        }
    }

    /// <summary>Steps it has room for.</summary>
    public int Steps => _gates.Length;

    /// <summary>The state before the first step, [B, U].</summary>
    public Matrix Initial => _hidden[0];

    /// <summary>dL/dinitial state after the last reverse step, [B, U].</summary>
    public Matrix InitialGradient => _gradients[0];

    /// <summary>h after step <paramref name="t"/>, [B, U].</summary>
    public Matrix Output(int t) => _hidden[t + 1];

    /// <summary>dL/dh after step <paramref name="t"/>: the caller adds what the loss asks of it, reverse steps add what later steps do.</summary>
    public Matrix OutputGradient(int t) => _gradients[t + 1];

    /// <summary>dL/dx of step <paramref name="t"/> after its reverse pass, [B, inputs].</summary>
    public Matrix InputGradient(int t) => _inputGradients[t];

    /// <summary>Clears the gradients at all states, before a loss writes its own.</summary>
    public void ClearGradients()
    {
        foreach (Matrix gradient in _gradients)
        {
            for (int b = 0; b < gradient.Rows; b++)
                gradient.Span(b).Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    internal void SetInput(int t, Matrix x) => _inputs[t] = x;

    internal Matrix InputOf(int t) => _inputs[t];

    internal Matrix HiddenBefore(int t) => _hidden[t];

    internal Matrix GradientBefore(int t) => _gradients[t];

    internal Matrix Gates(int t) => _gates[t];

    internal Matrix HiddenGates(int t) => _hiddenGates[t];

    internal Matrix GateGradient { get; }

    internal Matrix Carried { get; }

    internal Matrix ThroughGates { get; }
}
