namespace Robotics.Cli.Bench;

/// <summary>What <see cref="Ros2FlightBench"/> measured while armed.</summary>
/// <param name="Ticks">Control ticks flown.</param>
/// <param name="MissedPeriods">Control periods that passed without a tick.</param>
/// <param name="P50Us">Median of sample measured to command taken by DDS, us.</param>
/// <param name="P99Us">99th percentile of it.</param>
/// <param name="MaxUs">The longest.</param>
/// <param name="FarthestM">Farthest from the start, m.</param>
/// <param name="StaleTicks">Ticks in which a sample was stale.</param>
internal sealed record Ros2FlightResult(long Ticks, long MissedPeriods, double P50Us, double P99Us, double MaxUs, double FarthestM, long StaleTicks);
