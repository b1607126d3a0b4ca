namespace Robotics.Learner.Networks;

/// <summary>Constants of Adam with decoupled weight decay.</summary>
/// <param name="LearningRate">Step size.</param>
/// <param name="Beta1">Decay of the first moment; 0.9 is Kingma and Ba's.</param>
/// <param name="Beta2">Decay of the second moment; 0.999 is Kingma and Ba's.</param>
/// <param name="Epsilon">Added outside the square root; 1e-8 is Kingma and Ba's.</param>
/// <param name="WeightDecay">Share of every weight (never of a bias) taken off per update, not scaled by the rate.</param>
public sealed record AdamOptions(
    double LearningRate,
    double Beta1 = 0.9,
    double Beta2 = 0.999,
    double Epsilon = 1e-8,
    double WeightDecay = 0
);
