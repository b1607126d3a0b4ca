namespace Robotics.Learner;

/// <summary>How large a store may grow, and what then happens. Run file, section <c>store</c>.</summary>
public sealed record StoreBound
{
    /// <summary>Limit of all segments of all streams together, bytes; 0 for none.</summary>
    public long MaxBytes { get; init; }

    /// <summary>
    /// At the limit: true gives up the oldest segments whole (their identities stay known, so that they are never taken again); false takes nothing more,
    /// so that the edges keep what they have.
    /// </summary>
    public bool DropsOldest { get; init; }
}
