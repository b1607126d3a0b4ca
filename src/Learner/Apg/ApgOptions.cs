namespace Robotics.Learner.Apg;

/// <summary>Constants of <see cref="ApgLearner"/>. Defaults: the prototype's that facts of the project record (256 vehicles, horizon 32).</summary>
/// <param name="Horizon">Steps that are differentiated through at once.</param>
/// <param name="Updates">Updates of a whole training, for the falling learning rate.</param>
/// <param name="LearningRate">Adam's step size at the start.</param>
/// <param name="FinalRateShare">Share of it that is left at the end; falls linearly. A constant rate oscillates in one seed of three.</param>
/// <param name="MaxGradientNorm">Longer gradients are scaled down to this.</param>
/// <param name="HiddenWidth">Width of the two hidden layers.</param>
public sealed record ApgOptions(
    int Horizon = 32,
    int Updates = 400,
    double LearningRate = 3e-3,
    double FinalRateShare = 0.1,
    double MaxGradientNorm = 1,
    int HiddenWidth = 64
);
