namespace Robotics.Policies;

/// <summary>What <see cref="InferenceBenchmark"/> measured.</summary>
/// <param name="Mlp32">32-64-64-4 FAST_TANH.</param>
/// <param name="Mlp146">146-64-64-4 FAST_TANH, the hover recipe's actor.</param>
/// <param name="RaptorStep">RAPTOR: dense 22-16, GRU 16, dense 16-4.</param>
/// <param name="VectorWidth">Floats per vector of the kernels that ran.</param>
public sealed record InferenceFigures(InferenceTime Mlp32, InferenceTime Mlp146, InferenceTime RaptorStep, int VectorWidth);
