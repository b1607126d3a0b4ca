namespace Robotics.Drivers.Ros2;

/// <summary>One published command topic of robot.yaml, checked.</summary>
internal sealed record PublicationSettings
{
    /// <summary>Stands for "may the robot be powered" in place of a command channel: 1, or 0 from a power cut on.</summary>
    public const string EnabledSource = "enabled";

    public required string Topic { get; init; }

    public required string Type { get; init; }

    public required QosProfile Qos { get; init; }

    /// <summary>Paths into the message, one per number of the template.</summary>
    public required string[] Paths { get; init; }

    public required CommandTemplate Template { get; init; }

    /// <summary>Command channel behind each number of the template; -1 for <see cref="EnabledSource"/>.</summary>
    public required int[] Channels { get; init; }

    /// <summary>Factor from the channel's unit to the message's.</summary>
    public required double[] Factors { get; init; }
}
