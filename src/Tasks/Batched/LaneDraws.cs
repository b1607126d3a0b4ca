using Robotics.Models;

namespace Robotics.Tasks;

/// <summary>Draws handed out one by one from rows that were filled sixteen at a time.</summary>
internal sealed class LaneDraws(LaneRandom random) : IDraws
{
    private const int Buffer = 1024; // a few dozen start states per refill; small enough to stay in the nearest cache
    private readonly float[] _uniforms = new float[Buffer];
    private readonly float[] _gaussians = new float[Buffer];
    private int _nextUniform = Buffer;
    private int _nextGaussian = Buffer;

    /// <inheritdoc/>
    public double Uniform(double low, double high)
    {
        if (_nextUniform == Buffer)
        {
            random.FillUniform(_uniforms);
            _nextUniform = 0;
        }
        return low + ((high - low) * 0.5 * (_uniforms[_nextUniform++] + 1));
    }

    /// <inheritdoc/>
    public double Gaussian()
    {
        if (_nextGaussian == Buffer)
        {
            random.FillGaussian(_gaussians);
            _nextGaussian = 0;
        }
        return _gaussians[_nextGaussian++];
    }
}
