namespace Robotics.Cli.Bench;

/// <summary>SAC updates against tuned PyTorch in the same run. Ratios are null where PyTorch is not on the machine.</summary>
/// <param name="UpdatesPerS">Ours, 2 critics, 1 thread, per CPU second.</param>
/// <param name="Peer">The peer's version and its BLAS library.</param>
internal sealed record SacFigures(double UpdatesPerS, string Peer)
{
    /// <summary>PyTorch's CPU time of an update over ours, one thread each.</summary>
    public double? Ratio1Thread2Critics { get; init; }

    /// <summary>PyTorch's wall time of an update, at the better of its two settings for two threads, over ours with two threads.</summary>
    public double? Ratio2Threads2Critics { get; init; }

    public double? Ratio1Thread10Critics { get; init; }

    public double? Ratio2Threads10Critics { get; init; }
}
