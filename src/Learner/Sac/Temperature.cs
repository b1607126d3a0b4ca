namespace Robotics.Learner.Sac;

/// <summary>α = e^l, tuned so that the policy's entropy stays at its target: one Adam step on L = -α (log π + H).</summary>
internal sealed class Temperature(double initial, double rate, double targetEntropy)
{
    private const double Beta1 = 0.9; // Kingma and Ba's, as for the networks
    private const double Beta2 = 0.999;
    /// <summary>Numbers that <see cref="Save"/> writes.</summary>
    public const int StateLength = 4;

    private double _log = Math.Log(initial);
    private double _first;
    private double _second;
    private long _updates;

    public float Value => (float)Math.Exp(_log);

    public void Step(ReadOnlySpan<float> logProbability)
    {
        double mean = 0;
        foreach (float value in logProbability)
            mean += value;
        double gradient = -Math.Exp(_log) * ((mean / logProbability.Length) + targetEntropy);
        _updates++;
        _first = (Beta1 * _first) + ((1 - Beta1) * gradient);
        _second = (Beta2 * _second) + ((1 - Beta2) * gradient * gradient);
        double corrected = Math.Sqrt(_second / (1 - Math.Pow(Beta2, _updates)));
        _log -= rate * _first / (1 - Math.Pow(Beta1, _updates)) / (corrected + 1e-8);
    }

    public void Save(Span<double> state) => (state[0], state[1], state[2], state[3]) = (_log, _first, _second, _updates);

    public void Restore(ReadOnlySpan<double> state) => (_log, _first, _second, _updates) = (state[0], state[1], state[2], (long)state[3]);
}
