namespace Robotics.Learner.Bench.Gemm;

/// <summary>Medians of the rounds.</summary>
/// <param name="Ours">GFLOP/s of the own kernels.</param>
/// <param name="OpenBlas">GFLOP/s of OpenBLAS; null where the machine has none.</param>
public sealed record GemmPair(double Ours, double? OpenBlas);
