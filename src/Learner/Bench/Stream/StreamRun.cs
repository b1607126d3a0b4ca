using Robotics.Policies.Streaming;

namespace Robotics.Learner.Bench.Stream;

/// <summary>One streaming training: act, step, learn, in turn.</summary>
public sealed class StreamRun
{
    private readonly IStreamTask _task;
    private readonly float[] _observation;
    private readonly float[] _action;
    private readonly Queue<(double Return, int Length)> _episodes = new();
    private readonly int _window;
    private double _return;

    /// <summary>A run of <paramref name="learner"/> on <paramref name="task"/> that remembers the last <paramref name="window"/> episodes.</summary>
    public StreamRun(IStreamTask task, StreamAcLearner learner, int window)
    {
        _task = task ?? throw new ArgumentNullException(nameof(task));
        Learner = learner ?? throw new ArgumentNullException(nameof(learner));
        _window = window;
        _observation = new float[task.ObservationLength];
        _action = new float[task.ActionLength];
        Begin();
    }

    /// <summary>The learner.</summary>
    public StreamAcLearner Learner { get; }

    /// <summary>Mean return of the last episodes that ended, exploration included.</summary>
    public double MeanReturn => _episodes.Count == 0 ? double.NaN : _episodes.Average(e => e.Return);

    /// <summary>Mean length of the last episodes that ended, exploration included.</summary>
    public double MeanLength => _episodes.Count == 0 ? double.NaN : _episodes.Average(e => (double)e.Length);

    /// <summary>Learns until <paramref name="steps"/> steps.</summary>
    public void RunTo(long steps)
    {
        while (Learner.Steps < steps)
            Step();
    }

    private void Begin()
    {
        _task.Reset();
        _task.Observe(_observation);
        Learner.Begin(_observation);
        _return = 0;
    }

    private void Step()
    {
        Learner.Act(_action);
        double reward = _task.Step(_action);
        _task.Observe(_observation);
        Learner.Step(_action, (float)reward, _observation, _task.IsTerminated, _task.IsTruncated);
        _return += reward;
        if (!_task.IsTerminated && !_task.IsTruncated)
            return;
        _episodes.Enqueue((_return, _task.EpisodeStep));
        while (_episodes.Count > _window)
            _episodes.Dequeue();
        Begin();
    }
}
