namespace Robotics.Cli.Bench;

/// <summary>What the emulated autopilot said of itself.</summary>
/// <param name="TimeNs">When, monotonic ns.</param>
/// <param name="Mode">Its mode.</param>
/// <param name="Armed">Motors turn.</param>
/// <param name="X">Position, m, world.</param>
/// <param name="Y">Position, m, world.</param>
/// <param name="Z">Position, m, world.</param>
/// <param name="Setpoints">Set-points taken since start.</param>
internal sealed record ReactionState(long TimeNs, string Mode, bool Armed, double X, double Y, double Z, long Setpoints)
{
    /// <summary>Distance from (0, 0, <paramref name="height"/>), m.</summary>
    public double DistanceTo(double height) => Math.Sqrt((X * X) + (Y * Y) + ((Z - height) * (Z - height)));
}
