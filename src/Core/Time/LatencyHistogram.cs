namespace Robotics.Core;

/// <summary>Counts of durations in equal bins, made before they are needed.</summary>
/// <remarks>One thread adds, any thread reads; adding allocates nothing.</remarks>
public sealed class LatencyHistogram
{
    private readonly long _binNs;
    private readonly long[] _bins;
    private long _count;
    private long _max;

    /// <summary>Bins of <paramref name="binNs"/> from 0 on, by default of 10 us up to 100 ms; what is longer counts in the last.</summary>
    public LatencyHistogram(int binNs = 10_000, int bins = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(binNs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        _binNs = binNs;
        _bins = new long[bins];
    }

    /// <summary>Durations added.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The longest, ns.</summary>
    public long MaxNs => Volatile.Read(ref _max);

    /// <summary>Adds one duration; a negative one (woken early by the clock's rounding) counts as 0.</summary>
    public void Add(long ns)
    {
        ns = Math.Max(0, ns);
        _bins[Math.Min(ns / _binNs, _bins.Length - 1)]++;
        if (ns > _max)
            Volatile.Write(ref _max, ns);
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Duration that the share <paramref name="quantile"/> (0 to 1) does not exceed, ns, to one bin; 0 before the first.</summary>
    public long QuantileNs(double quantile)
    {
        long wanted = (long)Math.Ceiling(Count * quantile);
        long seen = 0;
        for (int i = 0; i < _bins.Length - 1 && wanted > 0; i++)
        {
            seen += _bins[i];
            if (seen >= wanted)
                return Math.Min((i + 1) * _binNs, MaxNs);
        }
        return MaxNs;
    }

    /// <summary>Counts by powers of two of the upper bound, for drawing: (upper bound in ns, count), empty ones left out.</summary>
    public IEnumerable<(long BoundNs, long Count)> PowersOfTwo()
    {
        long count = 0;
        long bound = 1;
        for (int i = 0; i < _bins.Length; i++)
        {
            count += _bins[i];
            if (i + 1 < bound && i < _bins.Length - 1)
                continue;
            if (count > 0)
                yield return (bound * _binNs, count);
            count = 0;
            bound *= 2;
        }
    }
}
