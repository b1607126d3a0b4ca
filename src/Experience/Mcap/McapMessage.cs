namespace Robotics.Experience;

/// <summary>One message of an MCAP file; a view into the reader, valid until its next read.</summary>
public readonly ref struct McapMessage
{
    /// <summary>Topic of its channel.</summary>
    public required string Topic { get; init; }

    /// <summary>Name of its type, for example <c>robotics_msgs/msg/Transition</c>; empty where the channel has no schema.</summary>
    public required string Type { get; init; }

    /// <summary>How it is encoded, for example <c>cdr</c>.</summary>
    public required string Encoding { get; init; }

    /// <summary>Number within its channel, as its writer counted.</summary>
    public required uint Sequence { get; init; }

    /// <summary>Time of recording, ns.</summary>
    public required ulong LogTimeNs { get; init; }

    /// <summary>Its bytes.</summary>
    public required ReadOnlySpan<byte> Data { get; init; }
}
