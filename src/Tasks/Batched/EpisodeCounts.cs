namespace Robotics.Tasks;

/// <summary>What became of finished episodes, summed.</summary>
public sealed class EpisodeCounts
{
    /// <summary>Last distance below which an episode counts as settled, m: the published metric's 200 mm.</summary>
    public const double SettledM = 0.2;

    /// <summary>Episodes that ended.</summary>
    public long Ended { get; private set; }

    /// <summary>Of these, those that failed.</summary>
    public long FailedCount { get; private set; }

    /// <summary>Of these, those whose last distance to the target was below <see cref="SettledM"/> and that did not fail.</summary>
    public long Settled { get; private set; }

    /// <summary>Sum of their lengths, policy steps.</summary>
    public long Steps { get; private set; }

    /// <summary>Mean length, policy steps; NaN before the first.</summary>
    public double MeanLength => Ended == 0 ? double.NaN : (double)Steps / Ended;

    /// <summary>Share of settled episodes; NaN before the first.</summary>
    public double SettledShare => Ended == 0 ? double.NaN : (double)Settled / Ended;

    /// <summary>Counts one more.</summary>
    public void Add(int steps, bool failed, double lastDistanceM)
    {
        Ended++;
        Steps += steps;
        FailedCount += failed ? 1 : 0;
        Settled += !failed && lastDistanceM < SettledM ? 1 : 0;
    }

    /// <summary>Starts again from zero.</summary>
    public void Clear() => (Ended, FailedCount, Settled, Steps) = (0, 0, 0, 0);
}
