namespace Robotics.Safety;

/// <summary>How one recovery went.</summary>
/// <param name="SettledAfterS">Time after which the vehicle stayed slow and upright, s; the whole trial where it never did.</param>
/// <param name="DriftM">Farthest distance from where the baseline took over, m.</param>
public readonly record struct Recovery(double SettledAfterS, double DriftM);
