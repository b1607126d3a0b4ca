namespace Robotics.Policies;

/// <summary>When a new policy may take over.</summary>
public enum SwapRule : byte
{
    /// <summary>Between two episodes: the default (facts/safety R28).</summary>
    EpisodeBoundary = 0,

    /// <summary>At any policy period: the lockstep training recipe, which acts with the newest actor; and real robots only with a blend.</summary>
    AnyStep = 1,
}
