namespace Robotics.Learner.Apg;

/// <summary>Constants of <see cref="ApgLearner"/>. Defaults: measured on the hover task, seeds 1-3 of <c>bench fly</c>'s kind, 2026-11-21
/// (docs/algorithms/apg.md).</summary>
/// <param name="Vehicles">Vehicles flown at once. 64 give four times the updates per second of 256, and each is hardly worse.</param>
/// <param name="Horizon">Steps that are differentiated through at once. 48 (0.48 s, three times the rotors' lag) ends at lengths of 475 to 490
/// where 32 ends at 450 to 470.</param>
/// <param name="EpisodeSteps">Steps after which a vehicle starts again. With 100 about half of what is flown is recovery from the start, which
/// is where episodes fail; with the task's 500 it is a tenth.</param>
/// <param name="Updates">Updates of a whole training, for the falling learning rate.</param>
/// <param name="LearningRate">Adam's step size at the start.</param>
/// <param name="FinalRateShare">Share of it that is left at the end; falls linearly. A constant rate oscillates in one seed of three.</param>
/// <param name="MaxGradientNorm">Longer gradients are scaled down to this.</param>
/// <param name="HiddenWidth">Width of the two hidden layers.</param>
public sealed record ApgOptions(
    int Vehicles = 64,
    int Horizon = 48,
    int EpisodeSteps = 100,
    int Updates = 800,
    double LearningRate = 3e-3,
    double FinalRateShare = 0.1,
    double MaxGradientNorm = 1,
    int HiddenWidth = 64
);
