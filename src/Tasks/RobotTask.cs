using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Tasks;

/// <summary>What is to be learnt: what the policy observes, how its actions reach the actuators, what is rewarded, when an episode ends and
/// how the next one starts. Read from a task file and bound to one robot's channels; immutable, pure functions of samples.</summary>
/// <remarks>
/// A frame is the observation of one step without action history; the history is rebuilt from executed actions wherever it is needed
/// (edge, replay), so it is never stored. Methods allocate nothing and may be called from any thread.
/// </remarks>
public sealed class RobotTask
{
    private readonly Feature[] _frame;
    private readonly Feature[] _privileged;
    private readonly TerminationRule[] _rules;
    private readonly ResetDistribution _reset;
    private readonly int[]? _position;
    private readonly float[] _target;

    private RobotTask(ConfigDocument document, ChannelLayout state, ChannelLayout command, double[]? restCommand)
    {
        ConfigMap root = document.Root;
        StateChannels = state;
        Name = root.String("task");
        PolicyRateHz = root.Number("policy_rate_hz", 0.1, 10_000);
        ConfigMap observation = root.Map("observation");
        _frame = FeatureReader.Read(observation.Maps("frame"), state, privilegedAllowed: false);
        HistoryLength = (int)observation.Integer("action_history_steps", 0, 1024, 0);
        _privileged = FeatureReader.Read(root.Maps("privileged", required: false), state, privilegedAllowed: true);
        FrameLength = _frame.Sum(f => f.Length);
        PrivilegedLength = _privileged.Sum(f => f.Length);
        Action = new ActionMapping(root.Map("action"), command, restCommand);
        Reward = new TaskReward(root.Map("reward"), root.MapOrNull("curriculum"), PrivilegedLength > 0 ? _privileged : _frame, ActionLength);
        _rules = [.. root.Maps("termination").Select(m => ReadRule(m, state)).OfType<TerminationRule>()];
        MaxEpisodeSteps = (int)root.Map("truncation").Integer("max_steps", 1, int.MaxValue);
        _reset = new ResetDistribution(root.Map("reset"), state);
        ResetProcedure = ResetSettings.Read(root.Map("reset"), state, ActionLength);
        SuccessClassifier = root.MapOrNull("success_classifier") is { } judge ? SuccessClassifierSettings.Read(judge, document.Folder, PolicyRateHz) : null;
        _target = [.. root.Vector("target_position_m", 3, fallback: [0, 0, 0]).Select(v => (float)v)];
        _position = state.TryIndicesOf(ChannelNames.Position);
        SchemaHash = Hash();
    }

    /// <summary>Name of the task.</summary>
    public string Name { get; }

    /// <summary>Policy steps per second.</summary>
    public double PolicyRateHz { get; }

    /// <summary>Values of one observation frame.</summary>
    public int FrameLength { get; }

    /// <summary>Executed actions in the observation, oldest first, after the frame.</summary>
    public int HistoryLength { get; }

    /// <summary>Values of one action.</summary>
    public int ActionLength => Action.Length;

    /// <summary>Values of the whole observation that a policy gets: frame, then history.</summary>
    public int ObservationLength => FrameLength + (HistoryLength * ActionLength);

    /// <summary>Values of the privileged observation; 0 where the task has none.</summary>
    public int PrivilegedLength { get; }

    /// <summary>Steps after which an episode is truncated.</summary>
    public int MaxEpisodeSteps { get; }

    /// <summary>Between normalised actions and actuator units.</summary>
    public ActionMapping Action { get; }

    /// <summary>The reward, for edge and learner alike.</summary>
    public TaskReward Reward { get; }

    /// <summary>How the robot gets from one episode to the next.</summary>
    public ResetSettings ResetProcedure { get; }

    /// <summary>The learned judge of success that the task asks for; null for none.</summary>
    public SuccessClassifierSettings? SuccessClassifier { get; }

    /// <summary>The state channels the task is bound to.</summary>
    public ChannelLayout StateChannels { get; }

    /// <summary>First 8 bytes (little endian) of the SHA-256 of the canonical description of observation and action.</summary>
    public ulong SchemaHash { get; }

    internal IReadOnlyList<Feature> Frame => _frame;

    internal IReadOnlyList<Feature> Privileged => _privileged;

    internal IReadOnlyList<TerminationRule> Rules => _rules;

    internal ResetDistribution Resets => _reset;

    internal IReadOnlyList<int>? PositionIndices => _position;

    internal IReadOnlyList<float> TargetPosition => _target;

    /// <summary>Reads <paramref name="document"/> and binds it to a robot. Problems are collected in the document.</summary>
    /// <param name="document">The task file.</param>
    /// <param name="state">The robot's state channels.</param>
    /// <param name="command">The robot's command channels.</param>
    /// <param name="restCommand">Command that keeps the robot at rest (a quadrotor's hover), where known; command units.</param>
    public static RobotTask Read(ConfigDocument document, ChannelLayout state, ChannelLayout command, double[]? restCommand = null)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(command);
        return new RobotTask(document, state, command, restCommand);
    }

    /// <summary>Writes the frame of <paramref name="sample"/>, with noise where <paramref name="noise"/> is given (simulators only).</summary>
    /// <returns>False where a value is not finite: no policy may be asked.</returns>
    public bool ObserveFrame(SensorSample sample, SeededRandom? noise, Span<float> frame) => Write(_frame, sample, noise, frame[..FrameLength]);

    /// <summary>Writes the noise-free privileged observation; false where a value is not finite.</summary>
    public bool ObservePrivileged(SensorSample sample, Span<float> privileged) => Write(_privileged, sample, null, privileged[..PrivilegedLength]);

    /// <summary>Puts frame and history together as the policy gets them.</summary>
    public void BuildObservation(ReadOnlySpan<float> frame, ActionHistory history, Span<float> observation)
    {
        ArgumentNullException.ThrowIfNull(history);
        frame[..FrameLength].CopyTo(observation);
        history.CopyTo(observation[FrameLength..]);
    }

    /// <summary>As above, inside a step in which <paramref name="executed"/> was executed on average so far: the newest action of the history
    /// (facts of the published deployments: the running mean since the last step at the rate trained at).</summary>
    public void BuildObservation(ReadOnlySpan<float> frame, ActionHistory history, ReadOnlySpan<float> executed, Span<float> observation)
    {
        ArgumentNullException.ThrowIfNull(history);
        frame[..FrameLength].CopyTo(observation);
        history.CopyTo(observation[FrameLength..], executed);
    }

    /// <summary>What the task says of the state in <paramref name="sample"/>. Failure takes precedence over success.</summary>
    public EpisodeOutcome Judge(SensorSample sample)
    {
        bool success = false;
        foreach (TerminationRule rule in _rules)
        {
            if (!rule.Applies(sample))
                continue;
            if (!rule.Success)
                return EpisodeOutcome.Failure;
            success = true;
        }
        return success ? EpisodeOutcome.Success : EpisodeOutcome.Running;
    }

    /// <summary>Draws the state an episode starts from, one value per state channel; NaN leaves a channel to the robot.</summary>
    public void SampleReset(SeededRandom random, Span<float> state) => _reset.Sample(new SeededDraws(random), state);

    /// <summary>The state at rest at the task's target, one value per state channel; NaN leaves a channel to the robot.</summary>
    public void RestAtTarget(Span<float> state)
    {
        state.Fill(float.NaN);
        for (int i = 0; i < _target.Length && _position is not null; i++)
            state[_position[i]] = _target[i];
    }

    /// <summary>Distance of the robot from the task's target position, m; NaN for a robot without a position.</summary>
    public double DistanceToTarget(SensorSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (_position is null)
            return double.NaN;
        double squares = 0;
        for (int i = 0; i < 3; i++)
        {
            double d = sample.Values[_position[i]] - _target[i];
            squares += d * d;
        }
        return Math.Sqrt(squares);
    }

    private static bool Write(Feature[] features, SensorSample sample, SeededRandom? noise, Span<float> destination)
    {
        foreach (Feature feature in features)
            feature.Write(sample, noise, destination);
        foreach (float value in destination)
        {
            if (!float.IsFinite(value))
                return false;
        }
        return true;
    }

    private static TerminationRule? ReadRule(ConfigMap map, ChannelLayout state)
    {
        int[]? indices = FeatureReader.Bind(map, map.String("quantity"), state);
        double maxAbs = map.Number("max_abs", 0, 1e12, double.MaxValue);
        double radius = map.Number("radius", 0, 1e12, double.MaxValue);
        bool success = map.OneOf("outcome", ["failure", "success"], "failure") == "success";
        if (indices is null)
            return null;
        double[] target = map.Vector("target", indices.Length, fallback: new double[indices.Length]);
        return new TerminationRule(
            indices, [.. target.Select(t => (float)t)], maxAbs == double.MaxValue ? float.PositiveInfinity : (float)maxAbs,
            radius == double.MaxValue ? float.PositiveInfinity : (float)radius, success);
    }

    private ulong Hash()
    {
        var text = new StringBuilder();
        foreach (Feature f in _frame.Concat(_privileged))
        {
            text.Append(CultureInfo.InvariantCulture, $"{f.Quantity}:{string.Join(',', f.Indices)}:{string.Join(',', f.Target)}:{string.Join(',', f.Scale)}:{string.Join(',', f.Offset)};");
        }
        text.Append(CultureInfo.InvariantCulture, $"frame {FrameLength}; history {HistoryLength}; actions {ActionLength}; initial {string.Join(',', Action.Initial)}; ");
        // What an action means in actuator units: a policy or a record of another range would fit in shape and fly otherwise.
        text.Append(CultureInfo.InvariantCulture, $"centre {string.Join(',', Action.Centre)}; half range {string.Join(',', Action.HalfRange)}; rate {PolicyRateHz}");
        return BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
