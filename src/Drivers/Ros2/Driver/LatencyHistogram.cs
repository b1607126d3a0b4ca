namespace Robotics.Drivers.Ros2;

/// <summary>Counts durations in bins of 10 us up to 100 ms. One thread adds, any thread reads; adding allocates nothing.</summary>
public sealed class LatencyHistogram
{
    private const long BinNs = 10_000;
    private readonly long[] _bins = new long[10_000];
    private long _count;
    private long _max;

    /// <summary>Durations added.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The longest, ns.</summary>
    public long MaxNs => Volatile.Read(ref _max);

    /// <summary>Adds one duration.</summary>
    public void Add(long ns)
    {
        ns = Math.Max(0, ns);
        _bins[Math.Min(ns / BinNs, _bins.Length - 1)]++;
        if (ns > _max)
            Volatile.Write(ref _max, ns);
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Duration that the share <paramref name="quantile"/> (0 to 1) does not exceed, ns, to 10 us; 0 before the first.</summary>
    public long QuantileNs(double quantile)
    {
        long wanted = (long)Math.Ceiling(Count * quantile);
        long seen = 0;
        for (int i = 0; i < _bins.Length && wanted > 0; i++)
        {
            seen += _bins[i];
            if (seen >= wanted)
                return Math.Min((i + 1) * BinNs, MaxNs);
        }
        return MaxNs;
    }
}
