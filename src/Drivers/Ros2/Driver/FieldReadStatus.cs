namespace Robotics.Drivers.Ros2;

/// <summary>What became of a message that numbers were to be picked from.</summary>
public enum FieldReadStatus
{
    /// <summary>All numbers are there.</summary>
    Ok,

    /// <summary>The bytes are such a message, but an element or a name is not in it.</summary>
    Incomplete,

    /// <summary>The header names another frame than the one configured.</summary>
    OtherFrame,

    /// <summary>The bytes are no such message.</summary>
    Malformed,
}
