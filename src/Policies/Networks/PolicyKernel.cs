namespace Robotics.Policies;

/// <summary>Which form of the kernels computes. All give the same bits; they differ in speed only.</summary>
public enum PolicyKernel : byte
{
    /// <summary>The widest this machine has in hardware.</summary>
    Auto = 0,

    /// <summary>One value at a time: reads like the equations.</summary>
    Plain = 1,

    /// <summary>Four values: SSE, arm64 NEON.</summary>
    Vector128 = 4,

    /// <summary>Eight values: AVX2 with FMA.</summary>
    Vector256 = 8,

    /// <summary>Sixteen values: AVX-512.</summary>
    Vector512 = 16,
}
