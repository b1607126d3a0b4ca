using System.Runtime.Intrinsics;

namespace Robotics.Models;

/// <summary>Which register width kernels run with.</summary>
public static class WideWidth
{
    /// <summary>The widest registers this machine computes with, bits.</summary>
    public static int Widest =>
        Vector512.IsHardwareAccelerated ? 512
        : Vector256.IsHardwareAccelerated ? 256
        : 128;

    /// <summary><paramref name="registerBits"/>, or the widest where it is 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Neither 0, 128, 256 nor 512.</exception>
    public static int Choose(int registerBits) =>
        registerBits switch
        {
            0 => Widest,
            128 or 256 or 512 => registerBits,
            _ => throw new ArgumentOutOfRangeException(nameof(registerBits), registerBits, "registers have 128, 256 or 512 bits; 0 chooses"),
        };
}
