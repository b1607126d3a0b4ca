namespace Robotics.Drivers.Serial;

/// <summary>What a read or write of a byte stream brought. Ordered by severity.</summary>
public enum StreamStatus
{
    /// <summary>At least one byte was moved.</summary>
    Ok,

    /// <summary>Nothing to read, or no room to write, right now.</summary>
    Idle,

    /// <summary>The device or the peer is gone (unplugged, closed); the stream must be reopened.</summary>
    Lost,
}
