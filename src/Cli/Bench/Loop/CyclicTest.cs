using System.ComponentModel;
using System.Globalization;

namespace Robotics.Cli.Bench;

/// <summary>cyclictest of the rt-tests: the field's own measure of wake-up latency, under the same load, period, priority and core.</summary>
internal static class CyclicTest
{
    private const int LongestUs = 100_000; // tracked one by one; what is later is counted as an overflow and known by the maximum alone

    /// <summary>False where it is not installed.</summary>
    public static bool IsInstalled
    {
        get
        {
            try
            {
                PeerProgram.Run("cyclictest", "--help", out _);
                return true;
            }
            catch (Win32Exception)
            {
                return false;
            }
        }
    }

    /// <summary>One block on <paramref name="core"/>.</summary>
    /// <exception cref="FailureException">It refused.</exception>
    public static PeerBlock Block(int rateHz, int seconds, int priority, int core)
    {
        string arguments = string.Create(
            CultureInfo.InvariantCulture, $"-q -m -t1 --policy=fifo -p{priority} -a{core} -i{1_000_000 / rateHz} -l{rateHz * seconds} -h{LongestUs}");
        string text = PeerProgram.Run("cyclictest", arguments, out int code);
        return code == 0 ? Parse(text) : throw new FailureException($"cyclictest {arguments} ended with exit code {code}: {text}");
    }

    /// <summary>Reads what <c>cyclictest -q -h</c> prints: a line "latency in us, count" per microsecond, then totals behind '#'.</summary>
    public static PeerBlock Parse(string text)
    {
        var counts = new List<(int Us, long Count)>();
        long overflows = 0;
        double max = double.NaN;
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 2 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int us) && long.TryParse(words[1], CultureInfo.InvariantCulture, out long count))
                counts.Add((us, count));
            else if (line.StartsWith("# Max Latencies:", StringComparison.Ordinal))
                max = double.Parse(words[^1], CultureInfo.InvariantCulture);
            else if (line.StartsWith("# Histogram Overflows:", StringComparison.Ordinal))
                overflows = long.Parse(words[^1], CultureInfo.InvariantCulture);
        }
        long ticks = counts.Sum(c => c.Count) + overflows;
        if (ticks == 0 || double.IsNaN(max))
            throw new FailureException($"cyclictest printed no histogram: {text[..Math.Min(200, text.Length)]}");
        return new PeerBlock
        {
            Ticks = ticks,
            P50Us = Quantile(counts, ticks, max, 0.5),
            P99Us = Quantile(counts, ticks, max, 0.99),
            P999Us = Quantile(counts, ticks, max, 0.999),
            MaxUs = max,
            Histogram = PowersOfTwo(counts, overflows, max),
        };
    }

    // As loop.c counts: the upper bound of the microsecond in which the quantile lies.
    private static double Quantile(List<(int Us, long Count)> counts, long ticks, double max, double share)
    {
        long seen = 0;
        foreach ((int us, long count) in counts)
        {
            seen += count;
            if (seen >= (long)(share * ticks))
                return us + 1;
        }
        return max;
    }

    private static List<IReadOnlyList<double>> PowersOfTwo(List<(int Us, long Count)> counts, long overflows, double max)
    {
        var bins = new List<IReadOnlyList<double>>();
        for (long bound = 1; bound / 2 <= counts[^1].Us; bound *= 2)
        {
            long count = counts.Where(c => c.Us < bound && (c.Us >= bound / 2)).Sum(c => c.Count);
            if (count > 0)
                bins.Add([bound, count]);
        }
        if (overflows > 0)
            bins.Add([max, overflows]);
        return bins;
    }
}
