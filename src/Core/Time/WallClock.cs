namespace Robotics.Core;

/// <summary>Wall time, which is only ever a label on files and log lines, never an input to control.</summary>
public static class WallClock
{
    /// <summary>Coordinated universal time.</summary>
#pragma warning disable RS0030 // the one place that may read the wall clock
    public static DateTimeOffset UtcNow => DateTimeOffset.UtcNow;
#pragma warning restore RS0030
}
