namespace Robotics.Tasks;

/// <summary>What <see cref="SimulatorBenchmark"/> measured.</summary>
/// <param name="StepOnlyMillionPerS">Dynamics alone, million vehicle steps per CPU second of one core.</param>
/// <param name="FullStepMillionPerS">Whole environment steps, million per CPU second of one core.</param>
/// <param name="MeanEpisodeLength">Mean length of the episodes that ended meanwhile: how often a reset was paid for.</param>
/// <param name="RegisterBits">Width of the registers used.</param>
public sealed record SimulatorFigures(double StepOnlyMillionPerS, double FullStepMillionPerS, double MeanEpisodeLength, int RegisterBits);
