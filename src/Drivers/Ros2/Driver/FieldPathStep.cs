namespace Robotics.Drivers.Ros2;

/// <summary>One step of a path into a message: a field, and for arrays and sequences an index or the name beside it.</summary>
/// <param name="Name">Field.</param>
/// <param name="Index">Element; -1 for none.</param>
/// <param name="KeyField">For <c>position[name=shoulder]</c>: the sibling <c>name</c> that is searched; null for none.</param>
/// <param name="KeyValue">For <c>position[name=shoulder]</c>: <c>shoulder</c>.</param>
internal readonly record struct FieldPathStep(string Name, int Index, string? KeyField, string KeyValue);
