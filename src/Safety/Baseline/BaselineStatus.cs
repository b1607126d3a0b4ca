namespace Robotics.Safety;

/// <summary>How well the baseline could do what it was asked. Ordered by severity.</summary>
public enum BaselineStatus : byte
{
    /// <summary>It did.</summary>
    Ok,

    /// <summary>It acts on part of the state only (no position: levels and descends).</summary>
    Degraded,

    /// <summary>It cannot: the next rung of the ladder, which needs no sensor, must be taken.</summary>
    Unable,
}
