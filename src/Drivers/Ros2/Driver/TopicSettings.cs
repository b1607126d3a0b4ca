namespace Robotics.Drivers.Ros2;

/// <summary>One subscribed topic of robot.yaml, checked.</summary>
internal sealed record TopicSettings
{
    public required string Topic { get; init; }

    public required string Type { get; init; }

    public required QosProfile Qos { get; init; }

    /// <summary>Paths into the message, one per channel.</summary>
    public required string[] Paths { get; init; }

    /// <summary>What header.frame_id must be; empty for any.</summary>
    public required string Frame { get; init; }

    public required FieldReader Reader { get; init; }

    /// <summary>State channel of each number the reader picks.</summary>
    public required int[] Channels { get; init; }

    /// <summary>Factor from the message's unit to the channel's.</summary>
    public required double[] Factors { get; init; }

    /// <summary>Positions (in <see cref="Channels"/>) of the three components to rotate from body to world; empty for none.</summary>
    public required int[] BodyToWorld { get; init; }

    /// <summary>Positions of orientation w, x, y, z; empty where nothing is rotated.</summary>
    public required int[] Orientation { get; init; }

    /// <summary>After this age diagnostics call the topic stale; what the robot does then is safety.staleness.</summary>
    public required long StalenessNs { get; init; }
}

