namespace Robotics.Cli.Bench;

/// <summary>One fault and what came of it.</summary>
/// <param name="Fault">What was done.</param>
/// <param name="Reaction">What is measured.</param>
/// <param name="Measured">The figure.</param>
/// <param name="Limit">Most it may be.</param>
/// <param name="Unit">Unit of both.</param>
/// <param name="Note">What else was seen.</param>
internal sealed record ReactionResult(string Fault, string Reaction, double Measured, double Limit, string Unit, string Note)
{
    /// <summary>True where the figure is inside its limit.</summary>
    public bool Passed => Measured <= Limit;
}
