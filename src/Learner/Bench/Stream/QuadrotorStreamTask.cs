using Robotics.Tasks;

namespace Robotics.Learner.Bench.Stream;

/// <summary>A quadrotor task as a stream: the policy's own observation, the task's reward under its evaluation weights or those it begins with.</summary>
public sealed class QuadrotorStreamTask : IStreamTask
{
    private readonly QuadrotorEnvironment _simulation;
    private readonly RewardWeights _weights;
    private readonly ActionHistory _history;
    private readonly float[] _frame;
    private readonly float[] _state;
    private readonly float[] _executed;

    /// <summary>The task of <paramref name="simulation"/> under <paramref name="weights"/>.</summary>
    public QuadrotorStreamTask(QuadrotorEnvironment simulation, RewardWeights weights)
    {
        _simulation = simulation ?? throw new ArgumentNullException(nameof(simulation));
        _weights = weights;
        RobotTask task = simulation.Task;
        _history = new ActionHistory(task);
        _frame = new float[task.FrameLength];
        _state = new float[task.PrivilegedLength];
        _executed = new float[task.ActionLength];
    }

    /// <inheritdoc/>
    public int ObservationLength => _simulation.Task.ObservationLength;

    /// <inheritdoc/>
    public int ActionLength => _simulation.Task.ActionLength;

    /// <inheritdoc/>
    public bool IsTerminated => _simulation.IsTerminated;

    /// <inheritdoc/>
    public bool IsTruncated => _simulation.IsTruncated;

    /// <inheritdoc/>
    public int EpisodeStep => _simulation.EpisodeStep;

    /// <inheritdoc/>
    public void Reset()
    {
        _simulation.Reset();
        _history.Reset();
        _simulation.Observe(_frame);
    }

    /// <inheritdoc/>
    public void Observe(Span<float> observation) => _simulation.Task.BuildObservation(_frame, _history, observation);

    /// <inheritdoc/>
    public double Step(ReadOnlySpan<float> action)
    {
        for (int i = 0; i < _executed.Length; i++)
            _executed[i] = Math.Clamp(action[i], -1f, 1f);
        _simulation.ObservePrivileged(_state);
        _simulation.Step(_executed);
        _history.Push(_executed);
        ReadOnlySpan<float> before = _state.Length > 0 ? _state : _frame;
        double reward = _simulation.Task.Reward.Of(before, _executed, _simulation.Outcome, _weights);
        _simulation.Observe(_frame);
        return reward;
    }
}
