namespace Robotics.Cli.Bench.Hil;

/// <summary>Sizes of the bench.</summary>
/// <param name="Steps">Environment steps of every training.</param>
/// <param name="Demonstrations">Successful demonstrations given beforehand; 20 is HIL-SERL's record_demos.</param>
/// <param name="EvaluateEvery">Environment steps between evaluations.</param>
/// <param name="EvaluationEpisodes">Episodes of each evaluation.</param>
/// <param name="CloningUpdates">Gradient steps of behaviour cloning; 20,000 is HIL-SERL's train_bc.</param>
internal sealed record HilSettings(long Steps, int Demonstrations, int EvaluateEvery, int EvaluationEpisodes, int CloningUpdates)
{
    /// <summary>Success that counts as learnt: the mark.</summary>
    public const double Target = 0.95;

    /// <summary>What the published figures are made with.</summary>
    public static HilSettings Default { get; } = new(20_000, 20, 1_000, 100, 20_000);
}
