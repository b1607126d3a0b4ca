using Robotics.Learner.Replay;

namespace Robotics.Learner.Bench.Hover;

/// <summary>The hover recipe's reward: r = 2 - 0.5 (w_p |p|² + w_q (1 - q_w²) + w_v |v|² + w_a |a - 0.334|²), 0 before a terminal state.</summary>
/// <remarks>Weights grow at 100,000 and 200,000 steps (arXiv:2311.13081 and its source).</remarks>
public sealed class HoverReward : IRewardModel
{
    private const long StageSteps = 100_000;
    private const long Stages = 2;
    private long _stage;
    private float _position = 5;
    private float _velocity = 0.01f;
    private float _action = 0.01f;

    /// <inheritdoc/>
    public bool Advance(long ingestedSteps)
    {
        if (ingestedSteps / StageSteps <= _stage || _stage >= Stages)
            return false;
        _stage++;
        _position = MathF.Min(_position * 1.2f, 40);
        _velocity = MathF.Min(_velocity * 1.4f, 1);
        _action = MathF.Min(_action * 1.4f, 1);
        return true;
    }

    /// <inheritdoc/>
    public float Reward(ReadOnlySpan<float> criticState, ReadOnlySpan<float> action, StepLabels labels)
    {
        if ((labels & StepLabels.Terminated) != 0)
            return 0;
        float attitude = (3 - criticState[3] - criticState[7] - criticState[11]) / 4; // 1 - q_w², from trace R = 4 q_w² - 1
        float p = Squares(criticState[..3]);
        float v = Squares(criticState[12..15]);
        float a = 0;
        foreach (float value in action)
            a += (value - 0.334f) * (value - 0.334f);
        return 2 - (0.5f * ((_position * p) + (5 * attitude) + (_velocity * v) + (_action * a)));
    }

    private static float Squares(ReadOnlySpan<float> x) => (x[0] * x[0]) + (x[1] * x[1]) + (x[2] * x[2]);
}
