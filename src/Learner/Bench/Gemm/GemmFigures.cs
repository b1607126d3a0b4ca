namespace Robotics.Learner.Bench.Gemm;

/// <summary>One dense layer on one thread: billions of floating-point operations per CPU second, the own kernels and OpenBLAS.</summary>
/// <param name="Shape">Batch x inputs x outputs.</param>
/// <param name="Forward">y = x W; ours adds the bias, too.</param>
/// <param name="BackwardInput">dx = dy Wᵀ; of the own kernels without the packing, which the learner does once an update.</param>
/// <param name="BackwardWeights">dW = xᵀ dy; ours sums the bias gradient, too.</param>
public sealed record GemmFigures(string Shape, GemmPair Forward, GemmPair BackwardInput, GemmPair BackwardWeights);
