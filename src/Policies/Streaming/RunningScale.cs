namespace Robotics.Policies.Streaming;

/// <summary>Mean and variance of a stream of vectors (Welford 1962), and each new one brought to mean 0 and variance 1.</summary>
/// <remarks>n ← n + 1, d = x − m, m ← m + d / n, p ← p + d (x − m); x̃ = clamp((x − m) / √(p / (n − 1) + 1e-8), ±10).
/// The clamp is <see cref="LayerKind.Normaliser"/>'s, so that a policy flies with the numbers it learnt with.</remarks>
internal sealed class RunningScale(int length)
{
    private const double Epsilon = 1e-8; // the paper's
    private const float Clip = 10;
    private readonly double[] _mean = new double[length];
    private readonly double[] _squares = new double[length];
    private readonly float[] _scale = [.. Enumerable.Repeat(1f, length)];

    /// <summary>Vectors seen.</summary>
    public long Count { get; private set; }

    /// <summary>m.</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>1 / √(variance + 1e-8).</summary>
    public ReadOnlySpan<float> Scale => _scale;

    /// <summary>Takes <paramref name="x"/> into the statistics and writes x̃.</summary>
    public unsafe void Normalise(ReadOnlySpan<float> x, float* normal)
    {
        Count++;
        double share = 1.0 / Count, divisor = 1.0 / Math.Max(1, Count - 1);
        for (int i = 0; i < x.Length; i++)
        {
            double d = x[i] - _mean[i];
            _mean[i] += d * share;
            _squares[i] += d * (x[i] - _mean[i]);
            double variance = Count < 2 ? 1 : _squares[i] * divisor;
            _scale[i] = (float)(1 / Math.Sqrt(variance + Epsilon));
            normal[i] = Math.Clamp((float)(x[i] - _mean[i]) * _scale[i], -Clip, Clip);
        }
    }
}
