namespace Robotics.Cli.Bench;

/// <summary>What `bench link` does.</summary>
/// <param name="StateTransitions">State transitions to carry; 0 for the default million.</param>
/// <param name="ImageTransitions">Image transitions to carry.</param>
/// <param name="Folder">Where spool and store are kept.</param>
internal sealed record LinkBenchOptions(int StateTransitions, int ImageTransitions, string Folder)
{
    /// <summary>Sizes that take a few seconds each on two cores.</summary>
    public static LinkBenchOptions Default(string folder) => new(1_000_000, 12_000, folder);
}
