namespace Robotics.Policies;

/// <summary>What <see cref="InferenceBenchmark"/> measured, ns per call.</summary>
/// <param name="Mlp32Ns">32-64-64-4 FAST_TANH.</param>
/// <param name="Mlp146Ns">146-64-64-4 FAST_TANH, the hover recipe's actor.</param>
/// <param name="RaptorStepNs">RAPTOR: dense 22-16, GRU 16, dense 16-4.</param>
/// <param name="VectorWidth">Floats per vector of the kernels that ran.</param>
public sealed record InferenceFigures(double Mlp32Ns, double Mlp146Ns, double RaptorStepNs, int VectorWidth);
