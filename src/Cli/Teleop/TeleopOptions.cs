namespace Robotics.Cli.Teleop;

/// <summary>What <c>robotics teleop</c> was asked for.</summary>
internal sealed record TeleopOptions
{
    public required string Device { get; init; }

    /// <summary>Device node, FIFO or serial endpoint; null for devices that need none.</summary>
    public string? Path { get; init; }

    public required string MappingFile { get; init; }

    public required string Endpoint { get; init; }

    public required string Operator { get; init; }

    /// <summary>Folder of keys and of the page's certificate.</summary>
    public required string Folder { get; init; }

    public string Topic { get; init; } = "/joy";

    public int Port { get; init; }

    public string? Token { get; init; }

    public bool Json { get; init; }

    public required IReadOnlyList<string> Motions { get; init; }
}
