namespace Robotics.Learner.Checkpoints;

/// <summary>What became of opening a checkpoint.</summary>
public enum CheckpointStatus
{
    /// <summary>Read and checked.</summary>
    Ok,

    /// <summary>There is no such file.</summary>
    Missing,

    /// <summary>Not a checkpoint, cut short, or its hash does not fit its content.</summary>
    Damaged,

    /// <summary>Written by a version of the format that this program does not read.</summary>
    OtherVersion,

    /// <summary>Whole, but of another algorithm, options, seed, observation layout or instruction set.</summary>
    OtherRun,
}
