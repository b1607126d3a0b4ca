namespace Robotics.Transport;

/// <summary>Form of the records in data frames. Numbers are part of docs/formats/link.md.</summary>
public enum LinkEncoding : byte
{
    /// <summary>The bytes of the transition record, as on disk.</summary>
    Record = 0,

    /// <summary>A MessagePack map for each: for peers in other languages.</summary>
    MessagePack = 1,
}
