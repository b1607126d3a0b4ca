namespace Robotics.Experience;

/// <summary>What reading an MCAP file came to.</summary>
public enum McapStatus
{
    /// <summary>A message.</summary>
    Ok = 0,

    /// <summary>The end of the data; a file that was never closed ends without an index, and is whole as far as it goes.</summary>
    End = 1,

    /// <summary>The file ends inside a record: its writer was killed; everything before it was given.</summary>
    Truncated = 2,

    /// <summary>It does not start as an MCAP file does.</summary>
    BadMagic = 3,

    /// <summary>A record is longer than <see cref="McapReader.MaxRecordBytes"/>, or a field longer than its record.</summary>
    BadLength = 4,

    /// <summary>A chunk's checksum does not fit.</summary>
    BadChecksum = 5,

    /// <summary>A chunk is compressed, which this reader cannot undo.</summary>
    Compressed = 6,

    /// <summary>A message of a channel that was not described, or more channels than <see cref="McapReader.MaxChannels"/>.</summary>
    BadChannel = 7,
}
