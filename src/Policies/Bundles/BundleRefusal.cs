namespace Robotics.Policies;

/// <summary>Why a bundle was refused: which check, what was found, what is allowed. Shown at the edge and sent to the learner.</summary>
/// <param name="Check">The check that failed.</param>
/// <param name="What">What was checked, for people.</param>
/// <param name="Value">What was found.</param>
/// <param name="Limit">What is allowed.</param>
public readonly record struct BundleRefusal(BundleCheck Check, string What, string Value, string Limit)
{
    /// <summary>True where nothing was refused.</summary>
    public bool IsNone => Check == BundleCheck.None;

    /// <summary>One line: check, what, value, limit.</summary>
    public override string ToString() =>
        IsNone ? "accepted" : $"policy bundle refused ({Check}): {What} is {Value}, allowed: {Limit}";
}
