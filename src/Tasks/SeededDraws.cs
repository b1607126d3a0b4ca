using Robotics.Core;

namespace Robotics.Tasks;

/// <summary>Draws from the generator of one robot.</summary>
internal readonly struct SeededDraws(SeededRandom random) : IDraws
{
    /// <inheritdoc/>
    public double Uniform(double low, double high) => random.NextUniform(low, high);

    /// <inheritdoc/>
    public double Gaussian() => random.NextGaussian();
}
