namespace Robotics.Tasks;

/// <summary>The weights of the reward terms at one stage of the curriculum. Immutable.</summary>
/// <param name="Version">Number of curriculum stages passed; <see cref="EvaluationVersion"/> for the evaluation's own weights.</param>
/// <param name="Values">One weight per reward term, in the order of the task file.</param>
public sealed record RewardWeights(uint Version, IReadOnlyList<float> Values)
{
    private readonly float[] _values = [.. Values];

    /// <summary>Version of the weights that evaluations are reported under.</summary>
    public const uint EvaluationVersion = uint.MaxValue;

    /// <summary>The same as <see cref="Values"/>, for hot paths.</summary>
    public ReadOnlySpan<float> Span => _values;
}
