namespace Robotics.Drivers.Ros2;

/// <summary>One field of a message as its .msg text declares it.</summary>
/// <param name="Name">Name in the .msg text, snake case.</param>
/// <param name="Kind">Kind of the element.</param>
/// <param name="Shape">One value, array or sequence.</param>
/// <param name="Capacity">N of an array or the bound of a bounded sequence; else 0.</param>
/// <param name="StringCapacity">Bound of a bounded string in bytes; else 0.</param>
/// <param name="NestedType">Full name of the nested message (<c>std_msgs/msg/Header</c>); empty for primitives.</param>
/// <param name="Default">Text of the default value; null for none. Not part of the type hash.</param>
public sealed record RosField(
    string Name,
    FieldKind Kind,
    FieldShape Shape,
    int Capacity,
    int StringCapacity,
    string NestedType,
    string? Default
)
{
    /// <summary>Bytes of one element on the wire; 0 for texts and nested messages.</summary>
    public int ElementBytes =>
        Kind switch
        {
            FieldKind.Int8 or FieldKind.UInt8 or FieldKind.Bool or FieldKind.Byte => 1,
            FieldKind.Int16 or FieldKind.UInt16 => 2,
            FieldKind.Int32 or FieldKind.UInt32 or FieldKind.Float32 => 4,
            FieldKind.Int64 or FieldKind.UInt64 or FieldKind.Float64 => 8,
            _ => 0,
        };

    /// <summary>True for bounded and unbounded UTF-8 texts.</summary>
    public bool IsString => Kind is FieldKind.String or FieldKind.BoundedString;

    /// <summary>Bound of the sequence as the CDR reader takes it: -1 where there is none.</summary>
    public int SequenceBound => Shape == FieldShape.BoundedSequence ? Capacity : -1;

    /// <summary>Bound of the string as the CDR reader takes it: -1 where there is none.</summary>
    public int StringBound => Kind == FieldKind.BoundedString ? StringCapacity : -1;
}
