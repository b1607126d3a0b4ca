namespace Robotics.Experience;

/// <summary>What became of bytes from outside. Anything but <see cref="Ok"/> means: nothing of them may be used.</summary>
public enum DecodeStatus
{
    /// <summary>A valid record.</summary>
    Ok = 0,

    /// <summary>The bytes end before the record does: wait for more, or a torn tail.</summary>
    Incomplete = 1,

    /// <summary>The length word is not one that this schema can have.</summary>
    BadLength = 2,

    /// <summary>The format version is not one this program reads.</summary>
    BadVersion = 3,

    /// <summary>The checksum does not fit the bytes.</summary>
    BadChecksum = 4,

    /// <summary>The record was written under another schema.</summary>
    OtherSchema = 5,

    /// <summary>The checksum fits but a field is outside its range (unknown flag, contradictory flags, unknown source).</summary>
    BadField = 6,
}
