namespace Robotics.Learner.Bench.Fly;

/// <summary>What <see cref="FlyBenchmark"/> measured: medians over the seeds.</summary>
/// <param name="CpuSTo440">CPU seconds of training until the mean episode length is 440; infinity where half the seeds never got there.</param>
/// <param name="CpuSTo475">CPU seconds until it is 475 with a settled share of at least 0.9.</param>
/// <param name="MeanEpisodeLength">Of the policy after the last update.</param>
/// <param name="SettledShare">Of the policy after the last update.</param>
/// <param name="Seeds">Number of seeds.</param>
public sealed record FlyFigures(double CpuSTo440, double CpuSTo475, double MeanEpisodeLength, double SettledShare, int Seeds);
