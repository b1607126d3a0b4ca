namespace Robotics.Learner.Kernels;

/// <summary>The scalars of one Adam update (Kingma and Ba 2015, arXiv:1412.6980), bias corrections already taken at this update.</summary>
/// <param name="Rate">Learning rate divided by (1 - β₁ᵗ).</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="SecondCorrection">1 / (1 - β₂ᵗ).</param>
/// <param name="Epsilon">Added outside the square root.</param>
/// <param name="Keep">Factor on the parameter before the step: 1, or 1 - decay for decoupled weight decay.</param>
/// <param name="GradientScale">Factor on the gradient: 1, or the clip of a global norm.</param>
public readonly record struct AdamStep(
    float Rate,
    float Beta1,
    float Beta2,
    float SecondCorrection,
    float Epsilon,
    float Keep,
    float GradientScale
);
