using Robotics.Core;

namespace Robotics.Policies;

/// <summary>What a network image tells beside its layers and parameters.</summary>
/// <param name="Identity">Which policy it is.</param>
/// <param name="SchemaHash">Hash of the observation and action description it was trained for; 0 where unknown.</param>
/// <param name="ExplorationStd">Standard deviation of the Gaussian exploration to add, normalised action units; 0 for none.</param>
/// <param name="PolicyRateHz">Rate it was trained at, Hz.</param>
/// <param name="Head">How the last output becomes an action.</param>
/// <param name="ClampOutput">True where the action is clamped to [-1, 1].</param>
/// <param name="IsOrdered">True where a person ordered it (rollback, pin): it takes over without shadow, wait or probation.</param>
public readonly record struct NetworkImageFacts(
    PolicyIdentity Identity,
    ulong SchemaHash,
    float ExplorationStd,
    float PolicyRateHz,
    PolicyHead Head = PolicyHead.Deterministic,
    bool ClampOutput = true,
    bool IsOrdered = false
)
{
    /// <summary>True where both figures are finite and not negative.</summary>
    public bool IsFinite =>
        float.IsFinite(ExplorationStd) && float.IsFinite(PolicyRateHz) && ExplorationStd >= 0 && PolicyRateHz >= 0;
}
