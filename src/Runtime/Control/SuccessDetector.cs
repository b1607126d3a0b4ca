using Robotics.Configuration;
using Robotics.Core;
using Robotics.Policies;
using Robotics.Tasks;

namespace Robotics.Runtime.Control;

/// <summary>A learned success classifier on the edge: p(success | frame) above a threshold for so many steps in a row ends the episode.</summary>
/// <remarks>Control thread only; allocates nothing after construction. The network gives the logit, so p &gt; t is z &gt; ln(t / (1 − t)).</remarks>
public sealed class SuccessDetector
{
    private const int MaxFileBytes = 1 << 22; // a million weights, as a policy's

    private readonly RobotTask _task;
    private readonly PolicyNetwork _network;
    private readonly float[] _frame;
    private readonly float[] _logit = new float[1];
    private readonly float _threshold;
    private readonly int _holdSteps;
    private int _steps;

    private SuccessDetector(RobotTask task, PolicyNetwork network, SuccessClassifierSettings settings)
    {
        _task = task;
        _network = network;
        _frame = new float[task.FrameLength];
        _threshold = (float)Math.Log(settings.Threshold / (1 - settings.Threshold));
        _holdSteps = settings.HoldSteps;
    }

    /// <summary>The detector that <paramref name="task"/> asks for; null for none, or where the file is unusable, which is a problem of <paramref name="root"/>.</summary>
    public static SuccessDetector? Open(RobotTask task, ConfigMap root)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(root);
        if (task.SuccessClassifier is not { } settings)
            return null;
        string? problem = TryLoad(task, settings.Path, out PolicyNetwork? network);
        if (problem is null)
            return new SuccessDetector(task, network!, settings);
        root.AddProblem("success_classifier", $"{settings.Path}: {problem}; train one with: robotics classifier train");
        return null;
    }

    /// <summary>An episode begins.</summary>
    public void Reset() => _steps = 0;

    /// <summary>Judges the state after a step.</summary>
    public bool IsSuccess(SensorSample sample)
    {
        bool counts = _task.ObserveFrame(sample, null, _frame) && _network.Act(_frame, _logit) && _logit[0] > _threshold;
        _steps = counts ? _steps + 1 : 0;
        return _steps >= _holdSteps;
    }

    private static string? TryLoad(RobotTask task, string path, out PolicyNetwork? network)
    {
        network = null;
        if (!File.Exists(path))
            return "no such file";
        if (new FileInfo(path).Length > MaxFileBytes)
            return $"longer than {MaxFileBytes} bytes: not a classifier";
        network = new PolicyNetwork(MaxFileBytes / sizeof(float) * 2);
        if (!network.TryLoad(File.ReadAllBytes(path), out NetworkImageStatus status))
            return $"not a network image ({status})";
        return network.ObservationLength == task.FrameLength && network.ActionLength == 1
            ? null
            : $"takes {network.ObservationLength} values and gives {network.ActionLength}, the task's frame has {task.FrameLength} and one logit is wanted";
    }
}
