using Robotics.Learner.Replay;

namespace Robotics.Learner.Bench.Pendulum;

/// <summary>Pendulum-v1's reward as a function of the stored step: frame (cos θ, sin θ, θ') and action in [-1, 1].</summary>
public sealed class PendulumReward : IRewardModel
{
    /// <inheritdoc/>
    public bool Advance(long ingestedSteps) => false;

    /// <inheritdoc/>
    public float Reward(ReadOnlySpan<float> criticState, ReadOnlySpan<float> action, StepLabels labels)
    {
        float angle = MathF.Atan2(criticState[1], criticState[0]);
        float torque = 2 * Math.Clamp(action[0], -1f, 1f);
        return -((angle * angle) + (0.1f * criticState[2] * criticState[2]) + (0.001f * torque * torque));
    }
}
