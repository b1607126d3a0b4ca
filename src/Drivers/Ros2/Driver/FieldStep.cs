namespace Robotics.Drivers.Ros2;

/// <summary>One field on the way through a message.</summary>
internal sealed class FieldStep
{
    public FieldAction Action { get; init; }

    public FieldKind Kind { get; init; }

    public int ElementBytes { get; init; }

    /// <summary>Elements of a fixed array (1 for single values); -1 for a sequence, whose count is in the message.</summary>
    public int Count { get; init; } = 1;

    public int Bound { get; init; } = -1;

    public int Least { get; init; } = 1;

    public int Slot { get; init; } = -1;

    /// <summary>What to do with an element that nobody picked.</summary>
    public FieldStep[] Body { get; init; } = [];

    public FieldPick[] Picks { get; init; } = [];

    public byte[][] Names { get; init; } = [];

    /// <summary>Where the index of each name goes in the reader's table.</summary>
    public int[] NameSlots { get; init; } = [];
}
