namespace Robotics.Learner.Success;

/// <summary>How well a success classifier tells held-out frames apart.</summary>
/// <param name="Positive">Frames of success, all.</param>
/// <param name="Negative">Other frames, all.</param>
/// <param name="HeldOutPositive">Frames of success it was measured on.</param>
/// <param name="HeldOutNegative">Other frames it was measured on.</param>
/// <param name="Recall">Share of held-out successes that it sees.</param>
/// <param name="FalsePositiveRate">Share of other held-out frames that it takes for success.</param>
/// <param name="Loss">Mean cross-entropy of the last hundred batches, nats.</param>
public sealed record SuccessReport(int Positive, int Negative, int HeldOutPositive, int HeldOutNegative, double Recall, double FalsePositiveRate, double Loss);
