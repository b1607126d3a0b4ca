using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;
using Robotics.Tasks;

namespace Robotics.Learner.Bench.Hover;

/// <summary>A policy flying one simulated vehicle: keeps the action history and evaluates one observation at a time.</summary>
public sealed unsafe class HoverPilot : IDisposable
{
    private readonly RobotTask _task;
    private readonly ActionHistory _history;
    private readonly Mlp _network;
    private readonly MlpTrace _trace;
    private readonly AlignedBuffer _memory;
    private readonly Matrix _observation;

    /// <summary>A pilot with its own copy of <paramref name="source"/>, refreshed by <see cref="Take"/>.</summary>
    public HoverPilot(Mlp source, RobotTask task)
    {
        ArgumentNullException.ThrowIfNull(source);
        _task = task ?? throw new ArgumentNullException(nameof(task));
        _history = new ActionHistory(task);
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
    public void Reset() => _history.Reset();

    /// <summary>The policy's action for <paramref name="frame"/>; valid until the next call.</summary>
    public Span<float> Act(ReadOnlySpan<float> frame)
    {
        _task.BuildObservation(frame, _history, _observation.Span(0));
        return _network.Forward(_observation, _trace).Span(0);
    }

    /// <summary>Pushes the executed action into the history.</summary>
    public void Executed(ReadOnlySpan<float> action) => _history.Push(action);

    /// <inheritdoc/>
    public void Dispose()
    {
        _network.Dispose();
        _trace.Dispose();
        _memory.Dispose();
    }
}
