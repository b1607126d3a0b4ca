namespace Robotics.Policies.Streaming;

/// <summary>Rewards divided by the standard deviation of the discounted return so far: u ← γ u + r, r̃ = r / √(var(u) + 1e-8).</summary>
/// <remarks>The mean is left: taking it off would change what is best to do. u begins anew with every episode.</remarks>
internal sealed class RewardScale(double gamma)
{
    private const double Epsilon = 1e-8; // the paper's
    private long _count;
    private double _return;
    private double _mean;
    private double _squares;

    /// <summary>r̃; <paramref name="ends"/>: it is the last of its episode.</summary>
    public float Scale(float reward, bool ends)
    {
        _return = (gamma * _return) + reward;
        _count++;
        double d = _return - _mean;
        _mean += d / _count;
        _squares += d * (_return - _mean);
        double variance = _count < 2 ? 1 : _squares / (_count - 1);
        if (ends)
            _return = 0;
        return (float)(reward / Math.Sqrt(variance + Epsilon));
    }
}
