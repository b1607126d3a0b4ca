namespace Robotics.Tasks;

/// <summary>Random numbers for a start state, one at a time.</summary>
internal interface IDraws
{
    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    double Uniform(double low, double high);

    /// <summary>Standard normal.</summary>
    double Gaussian();
}
