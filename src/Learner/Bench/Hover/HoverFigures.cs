namespace Robotics.Learner.Bench.Hover;

/// <summary>Figures of one hover run, or the medians of several.</summary>
/// <param name="CpuS">CPU seconds of training, evaluation left out.</param>
/// <param name="MeanEpisodeLength">Steps of 500 over 200 episodes.</param>
/// <param name="SettledShare">Share of all episodes that end with |p| below 0.2 m.</param>
/// <param name="MeanFinalErrorM">Mean last |p| of the episodes that lasted.</param>
/// <param name="Seeds">Runs behind the figures.</param>
public sealed record HoverFigures(double CpuS, double MeanEpisodeLength, double SettledShare, double MeanFinalErrorM, int Seeds);
