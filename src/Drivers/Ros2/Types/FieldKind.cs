namespace Robotics.Drivers.Ros2;

/// <summary>Kind of a field's element, numbered as in <c>type_description_interfaces/msg/FieldType</c> (REP-2011), where arrays add to it.</summary>
public enum FieldKind
{
    /// <summary>Another message.</summary>
    Nested = 1,

    /// <summary>int8.</summary>
    Int8 = 2,

    /// <summary>uint8, and <c>char</c> of a .msg file.</summary>
    UInt8 = 3,

    /// <summary>int16.</summary>
    Int16 = 4,

    /// <summary>uint16.</summary>
    UInt16 = 5,

    /// <summary>int32.</summary>
    Int32 = 6,

    /// <summary>uint32.</summary>
    UInt32 = 7,

    /// <summary>int64.</summary>
    Int64 = 8,

    /// <summary>uint64.</summary>
    UInt64 = 9,

    /// <summary>float32.</summary>
    Float32 = 10,

    /// <summary>float64.</summary>
    Float64 = 11,

    /// <summary>bool.</summary>
    Bool = 15,

    /// <summary>byte.</summary>
    Byte = 16,

    /// <summary>UTF-8 text.</summary>
    String = 17,

    /// <summary>Wide text; its encoding differs between DDS vendors and it can only be stepped over.</summary>
    WString = 18,

    /// <summary>UTF-8 text of bounded length.</summary>
    BoundedString = 21,

    /// <summary>Wide text of bounded length.</summary>
    BoundedWString = 22,
}
