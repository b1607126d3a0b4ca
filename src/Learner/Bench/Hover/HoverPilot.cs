using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;

namespace Robotics.Learner.Bench.Hover;

/// <summary>A policy flying the hover simulation: keeps the action history and evaluates one observation at a time.</summary>
public sealed unsafe class HoverPilot : IDisposable
{
    private const int Frame = HoverSimulation.FrameLength;
    private const int History = HoverSimulation.HistoryLength * HoverSimulation.ActionLength;
    private readonly Mlp _network;
    private readonly MlpTrace _trace;
    private readonly AlignedBuffer _memory;
    private readonly Matrix _observation;

    /// <summary>A pilot with its own copy of <paramref name="source"/>, refreshed by <see cref="Take"/>.</summary>
    public HoverPilot(Mlp source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _network = new Mlp(source.Shape, source.Kernels);
        _trace = new MlpTrace(source.Shape, 1, withGradients: false);
        int stride = DenseShape.StrideFor(source.Shape.InputLength);
        _memory = new AlignedBuffer(stride);
        _observation = new Matrix((nint)_memory.Pointer, 1, source.Shape.InputLength, stride);
        Take(source);
    }

    /// <summary>Installs newer weights.</summary>
    public void Take(Mlp source) => _network.CopyFrom(source);

    /// <summary>Forgets the history: a new episode.</summary>
    public void Reset() => _observation.Span(0)[Frame..].Clear();

    /// <summary>The policy's action for <paramref name="frame"/>; valid until the next call.</summary>
    public Span<float> Act(ReadOnlySpan<float> frame)
    {
        frame.CopyTo(_observation.Span(0));
        return _network.Forward(_observation, _trace).Span(0);
    }

    /// <summary>Pushes the executed action into the history.</summary>
    public void Executed(ReadOnlySpan<float> action)
    {
        Span<float> history = _observation.Span(0).Slice(Frame, History);
        history[HoverSimulation.ActionLength..].CopyTo(history);
        action.CopyTo(history[^HoverSimulation.ActionLength..]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _network.Dispose();
        _trace.Dispose();
        _memory.Dispose();
    }
}
