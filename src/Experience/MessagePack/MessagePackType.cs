namespace Robotics.Experience;

/// <summary>What a MessagePack value is.</summary>
public enum MessagePackType
{
    /// <summary>The end of the bytes, or the one byte that the format does not use.</summary>
    None = 0,

    /// <summary>Nothing.</summary>
    Nil = 1,

    /// <summary>True or false.</summary>
    Boolean = 2,

    /// <summary>A whole number, signed or not.</summary>
    Integer = 3,

    /// <summary>A number of single or double precision.</summary>
    Float = 4,

    /// <summary>UTF-8 text.</summary>
    String = 5,

    /// <summary>Bytes.</summary>
    Binary = 6,

    /// <summary>Values in order.</summary>
    Array = 7,

    /// <summary>Pairs of key and value.</summary>
    Map = 8,

    /// <summary>An application's own type; can only be skipped here.</summary>
    Extension = 9,
}
