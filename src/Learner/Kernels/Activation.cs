namespace Robotics.Learner.Kernels;

/// <summary>What follows a dense layer, element by element.</summary>
public enum Activation
{
    /// <summary>y = x.</summary>
    Identity,

    /// <summary>y = max(x, 0).</summary>
    Relu,

    /// <summary>y = c (27 + c²) / (27 + 9 c²) with c = x clamped to [-3, 3]: the rational tanh of rl-tools ("FAST_TANH").
    /// Its derivative is ((9 - c²) / (3 (3 + c²)))², which is 0 at the clamp.</summary>
    FastTanh,

    /// <summary>y = max(x, 0.01 x). Slope of streaming-drl and of PyTorch's default.</summary>
    LeakyRelu,
}
