namespace Robotics.Safety;

/// <summary>Measures how far a candidate that flies in shadow is from the policy with authority (R29).</summary>
/// <remarks>Root mean square of the action difference over a window of steps, normalised units. Promotion needs a full window at or
/// below the limit. Allocates nothing after construction.</remarks>
public sealed class ShadowComparison
{
    private readonly double[] _window;
    private readonly double _limit;
    private double _sum;
    private long _count;

    /// <summary>A comparison over <paramref name="windowSteps"/> with root mean square limit <paramref name="limit"/>.</summary>
    public ShadowComparison(int windowSteps, double limit)
    {
        _window = new double[windowSteps];
        _limit = limit;
    }

    /// <summary>Root mean square difference over the window so far.</summary>
    public double Divergence => _count == 0 ? 0 : Math.Sqrt(_sum / Math.Min(_count, _window.Length));

    /// <summary>True where the candidate may get authority.</summary>
    public bool MayPromote => _count >= _window.Length && Divergence <= _limit;

    /// <summary>Adds one step. A candidate that gives NaN is infinitely far for the whole window.</summary>
    public void Add(ReadOnlySpan<float> inCharge, ReadOnlySpan<float> candidate)
    {
        double square = 0;
        for (int i = 0; i < inCharge.Length; i++)
            square += (inCharge[i] - (double)candidate[i]) * (inCharge[i] - (double)candidate[i]);
        square = double.IsNaN(square) ? double.MaxValue / (_window.Length + 1.0) : square / inCharge.Length;
        int slot = (int)(_count % _window.Length);
        _sum += square - _window[slot];
        _window[slot] = square;
        _count++;
    }

    /// <summary>Starts over, for a new candidate.</summary>
    public void Clear()
    {
        Array.Clear(_window);
        _sum = 0;
        _count = 0;
    }
}
