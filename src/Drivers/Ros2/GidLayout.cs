namespace Robotics.Drivers.Ros2;

/// <summary>How long a GID is in the graph message; it changed between Humble and Iron.</summary>
public enum GidLayout
{
    /// <summary>16 bytes, or 24 once all peers seen are Humble or older.</summary>
    Auto,

    /// <summary>16 bytes: Iron, Jazzy and later.</summary>
    Bytes16,

    /// <summary>24 bytes, the last 8 zero: Humble and older.</summary>
    Bytes24,
}
