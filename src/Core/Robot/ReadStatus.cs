namespace Robotics.Core;

/// <summary>What a driver's read brought. Ordered: further down takes precedence when several sources are merged.</summary>
public enum ReadStatus
{
    /// <summary>A new sample.</summary>
    Ok,

    /// <summary>Nothing new since the last read; the sample still holds the last values and their old time.</summary>
    Unchanged,

    /// <summary>No sample has ever arrived.</summary>
    Missing,

    /// <summary>The device or the link reported a fault; the values must not be used.</summary>
    Faulted,
}
