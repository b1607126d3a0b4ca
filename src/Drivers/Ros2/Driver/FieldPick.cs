namespace Robotics.Drivers.Ros2;

/// <summary>One wanted element of a sequence.</summary>
/// <param name="Index">Its index, or -1 where a name decides.</param>
/// <param name="NameSlot">Index into the table of found names.</param>
/// <param name="Slot">Where a number goes.</param>
/// <param name="Body">What to do inside a message.</param>
internal sealed record FieldPick(int Index, int NameSlot, int Slot, FieldStep[] Body);
