namespace Robotics.Drivers.Ros2;

/// <summary>How many elements a field has; the value is what REP-2011 adds to the element's type id.</summary>
public enum FieldShape
{
    /// <summary>One value.</summary>
    Single = 0,

    /// <summary><c>T[N]</c>.</summary>
    Array = 48,

    /// <summary><c>T[&lt;=N]</c>.</summary>
    BoundedSequence = 96,

    /// <summary><c>T[]</c>.</summary>
    Sequence = 144,
}
