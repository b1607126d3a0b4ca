namespace Robotics.Policies;

/// <summary>What a call of <see cref="TwoRatePolicy"/> did, and how well its caller keeps time.</summary>
/// <param name="Kind">Which step was made.</param>
/// <param name="IsTimestampInvalid">The time ran backwards: nothing was done.</param>
/// <param name="IsNativeJittery">One of the last 100 intervals between native steps was outside 0.8 to 1.2 of the expected one.</param>
/// <param name="IsNativeBiased">The mean of the last 100 intervals between native steps was outside 0.8 to 1.2 of the expected one.</param>
/// <param name="IsCallJittery">As above, for the intervals between all calls.</param>
/// <param name="IsCallBiased">As above, for the intervals between all calls.</param>
public readonly record struct TwoRateStatus(
    StepKind Kind,
    bool IsTimestampInvalid,
    bool IsNativeJittery,
    bool IsNativeBiased,
    bool IsCallJittery,
    bool IsCallBiased
);
