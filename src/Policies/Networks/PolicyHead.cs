namespace Robotics.Policies;

/// <summary>How the last layer's output becomes an action. The numbers are part of docs/formats/network-image.md.</summary>
public enum PolicyHead : byte
{
    /// <summary>The output is the action.</summary>
    Deterministic = 0,

    /// <summary>The output is (mean, log σ), each of the action's length; the action is tanh(mean), a sample tanh(mean + σ ε).</summary>
    /// <remarks>Haarnoja et al. 2018, arXiv:1812.05905; log σ is clamped to [-20, 2] as in Spinning Up's SAC.</remarks>
    TanhGaussian = 1,
}
