namespace Robotics.Transport;

/// <summary>What became of a frame from the network. Anything but <see cref="Ok"/> is counted and dropped.</summary>
public enum FrameStatus
{
    /// <summary>A valid frame.</summary>
    Ok = 0,

    /// <summary>Too short, too long, or its length field does not fit.</summary>
    BadLength = 1,

    /// <summary>It does not start with the protocol's mark.</summary>
    BadMagic = 2,

    /// <summary>The checksum does not fit.</summary>
    BadChecksum = 3,

    /// <summary>A valid frame of another protocol version: worth an answer.</summary>
    OtherVersion = 4,

    /// <summary>The kind is unknown.</summary>
    UnknownKind = 5,

    /// <summary>The body does not have the fields of its kind.</summary>
    BadBody = 6,
}
