namespace Robotics.Cli.Demo;

/// <summary>What the user asked of <c>robotics demo</c>.</summary>
internal sealed record DemoOptions
{
    /// <summary>Run file.</summary>
    public required string Run { get; init; }

    /// <summary>Overrides of the run file's keys, passed on to every process.</summary>
    public required IReadOnlyList<string> Set { get; init; }

    /// <summary>Seed of the run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Environment steps; the run file's, or fewer under --quick.</summary>
    public required long Steps { get; init; }

    /// <summary>Folder that keeps spool, store, bundles and keys; null for a temporary one.</summary>
    public string? Out { get; init; }

    /// <summary>One JSON line instead of the display.</summary>
    public bool Json { get; init; }

    /// <summary>SIGKILL the learner once it has ingested this many steps; 0 for never.</summary>
    public long KillLearnerAt { get; init; }

    /// <summary>Least mean episode length of the evaluation for exit code 0, as a share of the task's time limit.</summary>
    public double RequiredLengthShare { get; init; }

    /// <summary>Seconds of the closing real-time act.</summary>
    public double RealTimeSeconds { get; init; }
}
