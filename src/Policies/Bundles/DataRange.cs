namespace Robotics.Policies;

/// <summary>Which experience a policy was trained on: environment steps of its run, counted by the learner.</summary>
/// <param name="FirstStep">First step that could be sampled.</param>
/// <param name="LastStep">One past the last step ingested when the policy was published.</param>
public readonly record struct DataRange(long FirstStep, long LastStep);
