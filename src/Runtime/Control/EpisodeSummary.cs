namespace Robotics.Runtime.Control;

/// <summary>How an episode went, as the edge saw it.</summary>
/// <param name="Number">Number of the episode within the boot, from 0.</param>
/// <param name="Steps">Policy steps.</param>
/// <param name="Return">Sum of the edge's rewards.</param>
/// <param name="Terminated">The task ended it.</param>
/// <param name="Truncated">The time limit cut it.</param>
/// <param name="FinalDistanceM">Distance of the robot from the task's target at the end, m; NaN where the task has none.</param>
/// <param name="Succeeded">The task ended it in success.</param>
public readonly record struct EpisodeSummary(
    long Number, int Steps, double Return, bool Terminated, bool Truncated, double FinalDistanceM, bool Succeeded);
