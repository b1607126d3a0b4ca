namespace Robotics.Experience;

/// <summary>What became of an append to a spool.</summary>
public enum SpoolStatus
{
    /// <summary>Taken; durable after the next commit.</summary>
    Ok = 0,

    /// <summary>The sequence number was there already; nothing was written. Harmless: a drained ring repeats its last records after a crash.</summary>
    Duplicate = 1,

    /// <summary>The disk or the configured limit is full, or a write failed; nothing was taken and nothing of before is lost. Try again after a pump.</summary>
    Full = 2,

    /// <summary>Not a valid record of this stream and schema; nothing was written.</summary>
    Invalid = 3,

    /// <summary>The disk refused to make data durable: the stream takes nothing more.</summary>
    Faulted = 4,
}
