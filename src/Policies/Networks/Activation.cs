namespace Robotics.Policies;

/// <summary>The function applied to a layer's output. The numbers are part of docs/formats/network-image.md.</summary>
public enum Activation : byte
{
    /// <summary>f(x) = x.</summary>
    Identity = 0,

    /// <summary>f(x) = max(x, 0).</summary>
    Relu = 1,

    /// <summary>f(x) = tanh(x), absolute error below 3e-7.</summary>
    Tanh = 2,

    /// <summary>f(x) = x (27 + x²) / (27 + 9 x²) of x clamped to [-3, 3]: rl-tools' FAST_TANH (arXiv 2306.03530).</summary>
    FastTanh = 3,

    /// <summary>f(x) = max(x, 0.01 x), the slope of PyTorch's default.</summary>
    LeakyRelu = 4,
}
