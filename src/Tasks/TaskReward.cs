using Robotics.Configuration;

namespace Robotics.Tasks;

/// <summary>The reward of a task: r = constant - scale * sum of weighted costs; the terminal reward where the task ended in failure, and the
/// success reward, where the task has one, where it ended in success. Without terms it is sparse.</summary>
/// <remarks>A pure function of what the transition holds, so that the learner computes it again under other weights (curriculum).</remarks>
public sealed class TaskReward
{
    private readonly RewardTerm[] _terms;
    private readonly Feature[] _state;
    private readonly float _constant;
    private readonly float _scale;
    private readonly float _terminalReward;
    private readonly float? _successReward;
    private readonly long _everySteps;
    private readonly int _stages;
    private readonly RewardWeights[] _weights;

    internal TaskReward(ConfigMap map, ConfigMap? curriculum, Feature[] state, int actionLength)
    {
        _state = state;
        _constant = (float)map.Number("constant", -1e6, 1e6, 0);
        _scale = (float)map.Number("scale", 0, 1e6, 1);
        _terminalReward = (float)map.Number("terminal_reward", -1e9, 1e9, 0);
        _successReward = map.Has("success_reward") ? (float)map.Number("success_reward", -1e9, 1e9) : null;
        _terms = [.. map.Maps("terms").Select(t => ReadTerm(t, state, actionLength)).OfType<RewardTerm>()];
        _everySteps = curriculum?.Integer("every_steps", 1, 1_000_000_000) ?? long.MaxValue;
        _stages = (int)(curriculum?.Integer("stages", 0, 1000) ?? 0);
        _weights = [.. Enumerable.Range(0, _stages + 1).Select(WeightsOfStage)];
        EvaluationWeights = new RewardWeights(RewardWeights.EvaluationVersion, [.. _terms.Select(t => t.EvaluationWeight)]);
    }

    internal IReadOnlyList<RewardTerm> Terms => _terms;

    internal float Constant => _constant;

    internal float Scale => _scale;

    internal float TerminalReward => _terminalReward;

    /// <summary>The fixed weights that evaluations are reported under.</summary>
    public RewardWeights EvaluationWeights { get; }

    /// <summary>Weights in force after <paramref name="environmentSteps"/> steps of training.</summary>
    public RewardWeights CurriculumAt(long environmentSteps) =>
        _weights[(int)Math.Min(_stages, environmentSteps / _everySteps)];

    /// <summary>Reward of taking <paramref name="action"/> in <paramref name="state"/>.</summary>
    /// <param name="state">Privileged observation where the task has one, else the observation frame, both before the step.</param>
    /// <param name="action">Executed action, normalised units.</param>
    /// <param name="outcome">What the task said of the state after the step.</param>
    /// <param name="weights">Weights to use.</param>
    public float Of(ReadOnlySpan<float> state, ReadOnlySpan<float> action, EpisodeOutcome outcome, RewardWeights weights)
    {
        if (outcome == EpisodeOutcome.Failure)
            return _terminalReward;
        if (outcome == EpisodeOutcome.Success && _successReward is { } success)
            return success;
        float cost = 0;
        ReadOnlySpan<float> values = weights.Span;
        for (int i = 0; i < _terms.Length; i++)
            cost += values[i] * _terms[i].Cost(state, action);
        return _constant - (_scale * cost);
    }

    /// <summary>The feature a term is computed from; null for a term of the action.</summary>
    internal Feature? FeatureOf(RewardTerm term) => term.OfAction ? null : Array.Find(_state, f => f.Start == term.Start);

    private RewardWeights WeightsOfStage(int stage)
    {
        var values = new float[_terms.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _terms[i].Weight;
            for (int s = 0; s < stage; s++)
                values[i] = MathF.Min(values[i] * _terms[i].Growth, _terms[i].MaxWeight);
        }
        return new RewardWeights((uint)stage, values);
    }

    private static RewardTerm? ReadTerm(ConfigMap map, Feature[] state, int actionLength)
    {
        string quantity = map.String("quantity");
        RewardShape shape = map.OneOf("shape", ["squared", "norm", "outside"], "squared") switch
        {
            "norm" => RewardShape.Norm,
            "outside" => RewardShape.Outside,
            _ => RewardShape.Squared,
        };
        double radius = map.Number("radius", 0, 1e9, 0);
        double weight = map.Number("weight", -1e9, 1e9);
        double growth = map.Number("growth", 0, 1000, 1);
        double maxWeight = map.Number("max_weight", -1e9, 1e9, double.MaxValue);
        double evaluationWeight = map.Number("evaluation_weight", -1e9, 1e9, weight);
        bool ofAction = quantity == "action";
        Feature? feature = ofAction ? null : Find(map, quantity, state);
        if (!ofAction && feature is null)
            return null;
        int length = ofAction ? actionLength : feature!.Length;
        bool rotation = feature?.IsRotationMatrix ?? false;
        double[] target = rotation ? new double[9] : map.Vector("target", length, fallback: new double[length]);
        return new RewardTerm(
            quantity, feature?.Start ?? 0, length, ofAction, rotation,
            [.. target.Select((t, i) => feature is null || rotation ? (float)t : (((float)t - feature.Target[i]) * feature.Scale[i]) + feature.Offset[i])],
            [.. Enumerable.Range(0, length).Select(i => feature is null || rotation ? 1f : 1f / feature.Scale[i])],
            shape, (float)radius, (float)weight, (float)growth, (float)Math.Min(maxWeight, float.MaxValue), (float)evaluationWeight);
    }

    // "orientation" as a cost is 1 - q_w², read from the rotation matrix that the state vector holds.
    private static Feature? Find(ConfigMap map, string quantity, Feature[] state)
    {
        string wanted = quantity == "orientation" ? "rotation_matrix" : quantity;
        Feature? feature = Array.Find(state, f => f.Quantity == wanted);
        if (feature is null)
        {
            map.AddProblem(
                "quantity", $"the reward needs '{wanted}' in the privileged observation (or, without one, in the frame), which holds {string.Join(", ", state.Select(f => f.Quantity))}");
        }
        return feature;
    }
}
