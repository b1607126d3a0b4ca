namespace Robotics.Runtime;

/// <summary>What a rollout came to.</summary>
/// <param name="Steps">Policy steps flown.</param>
/// <param name="FinalDistanceM">Distance from the task's target in the last row, m.</param>
/// <param name="MaxDistanceM">Greatest distance from it in any row, m.</param>
/// <param name="Interventions">Ticks in which the supervisor changed or replaced the policy's command.</param>
public sealed record RolloutResult(int Steps, double FinalDistanceM, double MaxDistanceM, long Interventions);
