namespace Robotics.Policies;

/// <summary>Jitter and bias of the last 100 intervals between events, against an expected interval.</summary>
/// <remarks>Window and band are those of upstream's inference executor (facts/quadrotor 1.7). Allocates nothing after construction.</remarks>
internal sealed class IntervalWatch
{
    private const int Window = 100;
    private const double Low = 0.8;
    private const double High = 1.2;

    private readonly long[] _intervals = new long[Window];
    private readonly long _expectedNs;
    private int _next;
    private int _count;
    private int _outside;
    private long _sum;

    public IntervalWatch(long expectedNs) => _expectedNs = expectedNs;

    /// <summary>One of the intervals is outside the band.</summary>
    public bool IsJittery => _outside > 0;

    /// <summary>The mean of the intervals is outside the band.</summary>
    public bool IsBiased => _count > 0 && IsOutside(_sum / (double)_count);

    public void Add(long intervalNs)
    {
        if (_count == Window)
        {
            long oldest = _intervals[_next];
            _sum -= oldest;
            _outside -= IsOutside(oldest) ? 1 : 0;
        }
        else
        {
            _count++;
        }
        _intervals[_next] = intervalNs;
        _next = (_next + 1) % Window;
        _sum += intervalNs;
        _outside += IsOutside(intervalNs) ? 1 : 0;
    }

    public void Clear() => (_next, _count, _outside, _sum) = (0, 0, 0, 0);

    private bool IsOutside(double intervalNs) => intervalNs < Low * _expectedNs || intervalNs > High * _expectedNs;
}
