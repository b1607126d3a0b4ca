namespace Robotics.Cli.Bench.Hil;

/// <summary>How one training went.</summary>
/// <param name="Success">Success of the policy alone at each evaluation.</param>
/// <param name="InterventionRate">Share of steps a person drove since the evaluation before.</param>
/// <param name="FinalInterventionRate">The same over the last tenth of all steps.</param>
internal sealed record HilCurve(IReadOnlyList<double> Success, IReadOnlyList<double> InterventionRate, double FinalInterventionRate)
{
    /// <summary>Success at the end.</summary>
    public double Final => Success[^1];

    /// <summary>Environment steps at the first evaluation that reached the target; all steps where none did.</summary>
    public long StepsToTarget(HilSettings settings)
    {
        for (int i = 0; i < Success.Count; i++)
        {
            if (Success[i] >= HilSettings.Target)
                return (i + 1) * settings.EvaluateEvery;
        }
        return settings.Steps;
    }
}
