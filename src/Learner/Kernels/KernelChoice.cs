namespace Robotics.Learner.Kernels;

/// <summary>Which instruction set the training kernels use.</summary>
public enum KernelChoice
{
    /// <summary>The widest this machine has.</summary>
    Auto,

    /// <summary>512-bit registers.</summary>
    Avx512,

    /// <summary>256-bit registers with fused multiply-add.</summary>
    Avx2,

    /// <summary>128-bit registers: NEON on arm64, SSE on x86.</summary>
    Vector128,

    /// <summary>Plain loops that read like the equations; the reference the others are tested against.</summary>
    Plain,
}
