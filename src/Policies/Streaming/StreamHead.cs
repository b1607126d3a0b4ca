using Robotics.Core;

namespace Robotics.Policies.Streaming;

/// <summary>π(·|s) = N(μ, σ), each action apart: samples and the gradient of log π(a) + w H at the network's outputs.</summary>
/// <remarks>Outputs are [μ | raw] with σ = softplus(raw), or μ alone where σ is fixed. H = Σ log σ + const.
/// ∂/∂μ = (a - μ) / σ²; ∂/∂σ = ((a - μ)² / σ² - 1) / σ + w / σ; ∂σ/∂raw = 1 - e^-σ.</remarks>
internal sealed unsafe class StreamHead(int actions, float fixedDeviation, SeededRandom random)
{
    private const float Least = 1e-3f; // of σ: a share of the action's range no actuator resolves, and keeps 1 / σ² finite

    public int Actions => actions;

    /// <summary>The output for which σ is <paramref name="deviation"/>.</summary>
    public static float RawOf(double deviation) => (float)Math.Log(Math.Exp(deviation) - 1);

    public void Sample(float* outputs, Span<float> action)
    {
        for (int i = 0; i < actions; i++)
            action[i] = outputs[i] + (Deviation(outputs, i) * (float)random.NextGaussian());
    }

    public void Differentiate(float* outputs, ReadOnlySpan<float> action, float entropyWeight, float* gradient)
    {
        for (int i = 0; i < actions; i++)
        {
            float sigma = Deviation(outputs, i);
            float z = (action[i] - outputs[i]) / sigma;
            gradient[i] = z / sigma;
            if (fixedDeviation == 0)
                gradient[actions + i] = ((z * z) - 1 + entropyWeight) / sigma * (1 - MathF.Exp(-sigma));
        }
    }

    // softplus(x) = max(x, 0) + log(1 + e^-|x|).
    private float Deviation(float* outputs, int i)
    {
        if (fixedDeviation > 0)
            return fixedDeviation;
        float raw = outputs[actions + i];
        return MathF.Max(Least, MathF.Max(raw, 0) + MathF.Log(1 + MathF.Exp(-MathF.Abs(raw))));
    }
}
