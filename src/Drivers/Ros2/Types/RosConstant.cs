namespace Robotics.Drivers.Ros2;

/// <summary>A constant of a .msg text.</summary>
/// <param name="Name">Upper case name.</param>
/// <param name="Kind">Its type.</param>
/// <param name="Text">The value as written.</param>
public sealed record RosConstant(string Name, FieldKind Kind, string Text);
