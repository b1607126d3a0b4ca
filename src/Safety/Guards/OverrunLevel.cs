namespace Robotics.Safety;

/// <summary>How late the loop is. Ordered.</summary>
public enum OverrunLevel : byte
{
    /// <summary>On time.</summary>
    Fine,

    /// <summary>More than 3 of the last 100 ticks were late: report, refuse what is optional.</summary>
    Degraded,

    /// <summary>More than 10 of the last 100 ticks were late: stop.</summary>
    Stop,
}
