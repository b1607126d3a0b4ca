namespace Robotics.Learner.Bench.Pendulum;

/// <summary>Medians over seeds.</summary>
/// <param name="Td3CpuS">CPU seconds of 20,000 steps of TD3.</param>
/// <param name="SacCpuS">CPU seconds of 20,000 steps of SAC.</param>
/// <param name="Td3Return">Mean return of 100 episodes.</param>
/// <param name="SacReturn">Mean return of 100 episodes.</param>
/// <param name="Seeds">Runs of each.</param>
public sealed record PendulumFigures(double Td3CpuS, double SacCpuS, double Td3Return, double SacReturn, int Seeds);
