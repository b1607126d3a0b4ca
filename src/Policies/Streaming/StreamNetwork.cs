using Robotics.Core;
using Robotics.Policies.Kernels;

namespace Robotics.Policies.Streaming;

/// <summary>A dense network that learns from one example at a time, with an eligibility trace per weight. No batch, no replay, no target.</summary>
/// <remarks>O(parameters) per step; allocates nothing after construction. Not thread-safe.</remarks>
internal sealed unsafe class StreamNetwork
{
    private readonly StreamKernels _kernels;
    private readonly NetworkArena _arena;
    private readonly StreamLayer[] _layers;
    private readonly StreamLayer[] _others; // the same weights, room for the values of a second input
    private float _traceSize;
    private float _pending; // α δ of the last step, which the next forward pass applies as it reads the weights; 0 for none

    /// <summary>A network of zeros.</summary>
    /// <param name="widths">Input first, output last.</param>
    /// <param name="hidden">Activation of every layer but the last.</param>
    /// <param name="output">Activation of the last.</param>
    /// <param name="normalise">Hidden sums are normalised over their layer.</param>
    /// <exception cref="ArgumentException">A normalised width that is no multiple of 16.</exception>
    public StreamNetwork(ReadOnlySpan<int> widths, Activation hidden, Activation output, bool normalise, PolicyKernel kernel)
    {
        _kernels = StreamKernels.Of(kernel);
        _layers = new StreamLayer[widths.Length - 1];
        _others = new StreamLayer[widths.Length - 1];
        int floats = 2 * Panels.Pad(widths[0] + 1);
        for (int l = 0; l < _layers.Length; l++)
        {
            bool last = l == _layers.Length - 1;
            _layers[l] = new StreamLayer
            {
                Inputs = widths[l],
                Outputs = widths[l + 1],
                Width = Panels.Pad(widths[l + 1]),
                IsNormalised = normalise && !last,
                Activation = last ? output : hidden,
            };
            if (_layers[l].IsNormalised && _layers[l].Width != widths[l + 1])
                throw new ArgumentException($"hidden width {widths[l + 1]}: a normalised layer needs a multiple of {Panels.Widest}", nameof(widths));
            floats += (2 * _layers[l].Length) + (5 * _layers[l].Width) + (2 * Panels.Widest);
        }
        _arena = new NetworkArena(floats);
        _arena.Clear();
        Lay();
    }

    /// <summary>Where the input goes before <see cref="Forward"/>. [inputs].</summary>
    public float* Input => _layers[0].Input;

    /// <summary>Where a second input goes before <see cref="ForwardBoth"/>. [inputs].</summary>
    public float* OtherInput => _others[0].Input;

    /// <summary>What <see cref="ForwardBoth"/> left of the second input. [outputs].</summary>
    public float* OtherOutput => _others[^1].Output;

    /// <summary>What <see cref="Forward"/> left. [outputs].</summary>
    public float* Output => _layers[^1].Output;

    /// <summary>Where the gradient at the output goes before <see cref="Trace"/>. [outputs].</summary>
    public float* OutputGradient => _layers[^1].Gradient;

    /// <summary>Layers, input side first.</summary>
    public int LayerCount => _layers.Length;

    /// <summary>Inputs and outputs of a layer.</summary>
    public (int Inputs, int Outputs) SizeOf(int layer) => (_layers[layer].Inputs, _layers[layer].Outputs);

    /// <summary>A weight; <paramref name="input"/> = inputs is the bias.</summary>
    public ref float Weight(int layer, int output, int input)
    {
        Settle();
        return ref _layers[layer].Weights[(input * _layers[layer].Width) + output];
    }

    /// <summary>The trace of a weight.</summary>
    public float TraceOf(int layer, int output, int input) => _layers[layer].Traces[(input * _layers[layer].Width) + output];

    /// <summary>W ~ U(±1/√inputs) with <paramref name="sparsity"/> of each unit's weights at 0; biases 0 (the paper's sparse initialisation).</summary>
    public void InitializeSparse(SeededRandom random, double sparsity)
    {
        for (int l = 0; l < _layers.Length; l++)
        {
            int inputs = _layers[l].Inputs;
            double bound = 1 / Math.Sqrt(inputs);
            int[] order = [.. Enumerable.Range(0, inputs)];
            int zeros = (int)Math.Ceiling(sparsity * inputs);
            for (int n = 0; n < _layers[l].Outputs; n++)
            {
                for (int k = 0; k < inputs; k++)
                    Weight(l, n, k) = (float)random.NextUniform(-bound, bound);
                for (int k = 0; k < zeros; k++)
                {
                    int j = k + random.NextInt(inputs - k); // partial Fisher-Yates shuffle
                    (order[k], order[j]) = (order[j], order[k]);
                    Weight(l, n, order[k]) = 0;
                }
            }
        }
    }

    /// <summary>Evaluates <see cref="Input"/>.</summary>
    public float* Forward()
    {
        for (int l = 0; l < _layers.Length; l++)
            _kernels.Forward(ref _layers[l], _pending);
        _pending = 0;
        return Output;
    }

    /// <summary>Evaluates <see cref="Input"/> and <see cref="OtherInput"/> in one pass over the weights; <see cref="Trace"/> is of the first.</summary>
    public void ForwardBoth()
    {
        for (int l = 0; l < _layers.Length; l++)
            _kernels.Forward(ref _layers[l], ref _others[l], _pending);
        _pending = 0;
    }

    /// <summary>z ← <paramref name="decay"/> z + ∇ of what <see cref="OutputGradient"/> is the gradient of, at the last <see cref="Forward"/>.</summary>
    public void Trace(float decay)
    {
        Settle();
        _traceSize = 0;
        for (int l = _layers.Length - 1; l >= 0; l--)
            _traceSize += _kernels.Backward(ref _layers[l], decay, l > 0 ? _layers[l - 1].Gradient : null);
    }

    /// <summary>w ← w + α δ z with overshooting-bounded α: M = lr κ max(|δ|, 1) ‖z‖₁, α = lr / max(M, 1). The weights move with the next pass over them.</summary>
    /// <param name="error">δ.</param>
    /// <param name="rate">lr.</param>
    /// <param name="kappa">κ.</param>
    /// <param name="ends">The episode ends: traces are forgotten.</param>
    public void Step(float error, float rate, float kappa, bool ends)
    {
        Settle();
        float bound = rate * kappa * MathF.Max(MathF.Abs(error), 1) * _traceSize;
        _pending = rate / MathF.Max(bound, 1) * error;
        if (ends)
            Forget();
    }

    /// <summary>z ← 0.</summary>
    public void Forget()
    {
        Settle();
        foreach (ref StreamLayer layer in _layers.AsSpan())
            new Span<float>(layer.Traces, layer.Length).Clear();
    }

    // The weights as they are now, for whoever does not read them through a forward pass.
    private void Settle()
    {
        for (int l = 0; l < _layers.Length && _pending != 0; l++)
            _kernels.Step(ref _layers[l], _pending);
        _pending = 0;
    }

    private void Lay()
    {
        float* input = _arena.Take(_layers[0].Inputs + 1), other = _arena.Take(_layers[0].Inputs + 1);
        input[_layers[0].Inputs] = other[_layers[0].Inputs] = 1;
        for (int l = 0; l < _layers.Length; l++)
        {
            ref StreamLayer layer = ref _layers[l];
            layer.Input = input;
            layer.Weights = _arena.Take(layer.Length);
            layer.Traces = _arena.Take(layer.Length);
            layer.Sum = _arena.Take(layer.Width);
            layer.Gradient = _arena.Take(layer.Width);
            input = layer.Output = _arena.Take(layer.Width + Panels.Widest);
            _others[l] = layer with { Input = other, Sum = _arena.Take(layer.Width), Output = _arena.Take(layer.Width + Panels.Widest), Gradient = null };
            other = _others[l].Output;
        }
    }
}
