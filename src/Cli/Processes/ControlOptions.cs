namespace Robotics.Cli.Processes;

/// <summary>How one control process flies a run.</summary>
internal sealed record ControlOptions
{
    /// <summary>Name of the shared memory, the same as the agent's.</summary>
    public required string MemoryName { get; init; }

    /// <summary>Folder of the run: the operator key is in it, and the agent records into it.</summary>
    public required string Folder { get; init; }

    /// <summary>Seconds to fly; infinite for until told to stop.</summary>
    public double Seconds { get; init; } = double.PositiveInfinity;

    /// <summary>One flight at the target instead of the task's episodes.</summary>
    public bool Hover { get; init; }

    /// <summary>Measures where the time of the ticks goes, instead of the distance from the target.</summary>
    public bool Timings { get; init; }
}
