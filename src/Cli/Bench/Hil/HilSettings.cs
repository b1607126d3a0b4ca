namespace Robotics.Cli.Bench.Hil;

/// <summary>Sizes of the bench.</summary>
/// <param name="Steps">Environment steps of every training.</param>
/// <param name="Demonstrations">Successful demonstrations given beforehand. One: with more of them this small task is learnt from demonstrations so
/// soon that a person can hardly save any time (docs/benchmarks.md has the figures for 1 to 20).</param>
/// <param name="EvaluateEvery">Environment steps between evaluations.</param>
/// <param name="EvaluationEpisodes">Episodes of each evaluation.</param>
/// <param name="CloningUpdates">Gradient steps of behaviour cloning; 20,000 is HIL-SERL's train_bc.</param>
internal sealed record HilSettings(long Steps, int Demonstrations, int EvaluateEvery, int EvaluationEpisodes, int CloningUpdates)
{
    /// <summary>Success that counts as learnt: the mark.</summary>
    public const double Target = 0.95;

    /// <summary>What the published figures are made with.</summary>
    public static HilSettings Default { get; } = new(10_000, 1, 500, 100, 20_000);
}
