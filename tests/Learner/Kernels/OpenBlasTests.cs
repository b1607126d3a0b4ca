using Robotics.Learner.Bench.Gemm;
using Robotics.Learner.Kernels;

namespace Robotics.Learner.Tests.Kernels;

/// <summary>What <c>bench gemm</c> compares is the same arithmetic on both sides.</summary>
public sealed class OpenBlasTests
{
    [Theory]
    [InlineData(256, 32, 256)]
    [InlineData(256, 256, 16)]
    [InlineData(33, 19, 70)]
    public void Difference_AllThreeProducts_IsRounding(int batch, int inputs, int outputs)
    {
        OpenBlas? blas = OpenBlas.TryLoad();
        Assert.SkipWhen(blas is null, "needs libopenblas.so.0 (Debian): apt-get install libopenblas0-pthread");
        using var bench = new GemmBench(batch, inputs, outputs, DenseKernels.For(KernelChoice.Auto), blas);
        // With AVX-512 on both sides some sums are ordered alike and equal bit for bit. Results of nothing but zeros give NaN, which is out of range.
        Assert.InRange(bench.Difference(), 0, 1e-5);
    }
}
