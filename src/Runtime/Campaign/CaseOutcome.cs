namespace Robotics.Runtime.Campaign;

/// <summary>How one case of a requirement went.</summary>
/// <param name="Passed">True where the reaction was the expected one.</param>
/// <param name="ReactionPeriods">Control periods from the first tick in which the fault could be seen to the first safe command; 0 for the same tick.</param>
/// <param name="Why">What went wrong; empty where nothing did.</param>
public readonly record struct CaseOutcome(bool Passed, int ReactionPeriods, string Why)
{
    /// <summary>A passed case.</summary>
    public static CaseOutcome Pass(int reactionPeriods = 0) => new(true, reactionPeriods, "");

    /// <summary>A failed case.</summary>
    public static CaseOutcome Fail(string why) => new(false, 0, why);

    /// <summary>Passed where <paramref name="condition"/> holds.</summary>
    public static CaseOutcome When(bool condition, string why, int reactionPeriods = 0) => condition ? Pass(reactionPeriods) : Fail(why);
}
