using Robotics.Core;
using Robotics.Learner.Kernels;

namespace Robotics.Learner.Networks;

/// <summary>A gated recurrent unit for training, in PyTorch's form (gate order r, z, n; the reset gate after the product): forward and
/// backpropagation through time over a batch of sequences.</summary>
/// <remarks>
/// <code>
/// gi = Wi x + bi,  gh = Wh h + bh
/// r = σ(gi_r + gh_r),  z = σ(gi_z + gh_z),  n = tanh(gi_n + r ⊙ gh_n),  h' = (1 - z) ⊙ n + z ⊙ h
/// </code>
/// Wi is [3 U, inputs], Wh [3 U, U], both in panel form (<see cref="DenseShape"/>). Use: for t = 0, 1, ... <see cref="Forward"/>; put the
/// gradients at the outputs into <see cref="GruTrace.OutputGradient"/>; then for t = ..., 1, 0 <see cref="Backward"/>. Not thread-safe.
/// </remarks>
public sealed unsafe class Gru : IDisposable
{
    private readonly DenseKernels _kernels;
    private readonly AlignedBuffer _transposed;
    private readonly AlignedBuffer _step; // one step's parameter gradient
    private bool _isTransposed;

    /// <summary>A unit of zeros.</summary>
    /// <exception cref="ArgumentException"><paramref name="units"/> is not a multiple of 16.</exception>
    public Gru(int inputs, int units, DenseKernels kernels)
    {
        if (units % DenseShape.PanelWidth != 0)
            throw new ArgumentException($"{units} units: the kernels need a multiple of {DenseShape.PanelWidth}", nameof(units));
        _kernels = kernels ?? throw new ArgumentNullException(nameof(kernels));
        Input = new DenseShape(inputs, 3 * units);
        Hidden = new DenseShape(units, 3 * units);
        Units = units;
        Parameters = new AlignedBuffer(ParameterLength);
        _step = new AlignedBuffer(ParameterLength);
        _transposed = new AlignedBuffer(Input.TransposedLength + Hidden.TransposedLength);
    }

    /// <summary>Shape of Wi.</summary>
    public DenseShape Input { get; }

    /// <summary>Shape of Wh.</summary>
    public DenseShape Hidden { get; }

    /// <summary>U.</summary>
    public int Units { get; }

    /// <summary>Floats of Wi, Wh, bi and bh.</summary>
    public int ParameterLength => Input.WeightLength + Hidden.WeightLength + Input.PaddedOutputs + Hidden.PaddedOutputs;

    /// <summary>Wi, Wh, bi, bh. Whoever writes it calls <see cref="OnParametersChanged"/>.</summary>
    public AlignedBuffer Parameters { get; }

    /// <summary>Index of Wi[<paramref name="output"/>, <paramref name="input"/>] in parameters and gradients.</summary>
    public int InputWeightIndex(int output, int input) => Input.IndexOf(output, input);

    /// <summary>Index of Wh[<paramref name="output"/>, <paramref name="unit"/>].</summary>
    public int HiddenWeightIndex(int output, int unit) => Input.WeightLength + Hidden.IndexOf(output, unit);

    /// <summary>Index of bi[<paramref name="output"/>].</summary>
    public int InputBiasIndex(int output) => Input.WeightLength + Hidden.WeightLength + output;

    /// <summary>Index of bh[<paramref name="output"/>].</summary>
    public int HiddenBiasIndex(int output) => InputBiasIndex(Input.PaddedOutputs) + output;

    /// <summary>Draws everything from U(±1/√U): PyTorch's default.</summary>
    public void Initialize(SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        double bound = 1 / Math.Sqrt(Units);
        Span<float> p = Parameters.Span;
        for (int n = 0; n < 3 * Units; n++)
        {
            for (int k = 0; k < Input.Inputs; k++)
                p[InputWeightIndex(n, k)] = (float)random.NextUniform(-bound, bound);
            for (int k = 0; k < Units; k++)
                p[HiddenWeightIndex(n, k)] = (float)random.NextUniform(-bound, bound);
            p[InputBiasIndex(n)] = (float)random.NextUniform(-bound, bound);
            p[HiddenBiasIndex(n)] = (float)random.NextUniform(-bound, bound);
        }
        OnParametersChanged();
    }

    /// <summary>Drops what was derived from the parameters.</summary>
    public void OnParametersChanged() => _isTransposed = false;

    /// <summary>Step <paramref name="t"/> of the sequences: takes <paramref name="x"/> [B, inputs] and gives h after it, [B, U], which lives in the trace.</summary>
    public Matrix Forward(Matrix x, GruTrace trace, int t)
    {
        ArgumentNullException.ThrowIfNull(trace);
        trace.SetInput(t, x);
        float* p = Parameters.Pointer;
        Matrix before = trace.HiddenBefore(t);
        _kernels.Forward(Input, x, p, p + InputBiasIndex(0), trace.Gates(t), Activation.Identity, default);
        _kernels.Forward(Hidden, before, p + Input.WeightLength, p + HiddenBiasIndex(0), trace.HiddenGates(t), Activation.Identity, default);
        _kernels.Gates(trace.Gates(t), trace.HiddenGates(t), before, trace.Output(t));
        return trace.Output(t);
    }

    /// <summary>Reverse mode of step <paramref name="t"/>, once, after that of step t + 1: adds to <paramref name="gradient"/> (cleared by the caller
    /// before the last step), writes <see cref="GruTrace.InputGradient"/> and carries the rest back to step t - 1.</summary>
    public void Backward(GruTrace trace, int t, AlignedBuffer gradient)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(gradient);
        Transpose();
        Matrix before = trace.HiddenBefore(t), atInput = trace.GateGradient, atHidden = trace.HiddenGates(t);
        _kernels.BackwardGates(trace.Gates(t), atHidden, before, trace.OutputGradient(t), atInput, trace.Carried);
        float* g = _step.Pointer;
        _kernels.BackwardWeights(Input, trace.InputOf(t), atInput, g, g + InputBiasIndex(0));
        _kernels.BackwardWeights(Hidden, before, atHidden, g + Input.WeightLength, g + HiddenBiasIndex(0));
        _kernels.Add(gradient.Pointer, g, ParameterLength);
        _kernels.BackwardInput(Input, atInput, _transposed.Pointer, trace.InputGradient(t), Activation.Identity, default);
        _kernels.BackwardInput(Hidden, atHidden, _transposed.Pointer + Input.TransposedLength, trace.ThroughGates, Activation.Identity, default);
        Matrix target = trace.GradientBefore(t);
        for (int b = 0; b < target.Rows; b++)
        {
            _kernels.Add(target.Row(b), trace.ThroughGates.Row(b), Units);
            _kernels.Add(target.Row(b), trace.Carried.Row(b), Units);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Parameters.Dispose();
        _step.Dispose();
        _transposed.Dispose();
    }

    private void Transpose()
    {
        if (_isTransposed)
            return;
        _kernels.Transpose(Input, Parameters.Pointer, _transposed.Pointer);
        _kernels.Transpose(Hidden, Parameters.Pointer + Input.WeightLength, _transposed.Pointer + Input.TransposedLength);
        _isTransposed = true;
    }
}
