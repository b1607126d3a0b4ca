namespace Robotics.Policies;

/// <summary>Time of one call over the rounds of a benchmark, ns.</summary>
/// <param name="MedianNs">Half of the rounds took longer.</param>
/// <param name="P10Ns">Nine in ten rounds took longer: what the code takes where nobody else uses the core's caches.</param>
public readonly record struct InferenceTime(double MedianNs, double P10Ns);
