using Robotics.Core;

namespace Robotics.Runtime.Campaign;

/// <summary>The random choices of one test case: drawn, remembered, and replayed with some of them made simpler, to shrink a failing case.</summary>
/// <remarks>A choice is a number in [0, 1); smaller is simpler. One thread.</remarks>
public sealed class Choices
{
    private readonly List<double> _made = [];
    private readonly SeededRandom? _random;
    private readonly IReadOnlyList<double>? _replay;

    /// <summary>Fresh choices from <paramref name="random"/>.</summary>
    public Choices(SeededRandom random) => _random = random;

    /// <summary>The choices <paramref name="replay"/> again; 0 where more are asked for.</summary>
    public Choices(IReadOnlyList<double> replay) => _replay = replay;

    /// <summary>What was chosen so far.</summary>
    public IReadOnlyList<double> Made => _made;

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double Uniform(double low, double high) => low + ((high - low) * Next());

    /// <summary>One of 0 .. <paramref name="count"/> − 1.</summary>
    public int Pick(int count) => Math.Min(count - 1, (int)(count * Next()));

    /// <summary>Makes <paramref name="failing"/> simpler for as long as <paramref name="stillFails"/>; gives the simplest found.</summary>
    public static IReadOnlyList<double> Shrink(IReadOnlyList<double> failing, Func<IReadOnlyList<double>, bool> stillFails)
    {
        double[] best = [.. failing];
        const int rounds = 4; // halving further only polishes digits
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < best.Length; i++)
            {
                foreach (double simpler in (double[])[0, best[i] / 2, Math.Round(best[i], 1)])
                {
                    if (simpler >= best[i])
                        continue;
                    double[] candidate = [.. best];
                    candidate[i] = simpler;
                    if (stillFails(candidate))
                        best = candidate;
                }
            }
        }
        return best;
    }

    private double Next()
    {
        double choice = _random?.NextDouble() ?? (_made.Count < _replay!.Count ? _replay[_made.Count] : 0);
        _made.Add(choice);
        return choice;
    }
}
