using Robotics.Learner.Networks;

namespace Robotics.Learner.Sac;

/// <summary>Constants of soft actor-critic (Haarnoja et al. 2018, arXiv:1812.05905) and, with an ensemble, of RLPD (Ball et al. 2023,
/// arXiv:2302.02948).</summary>
/// <remarks>Defaults are CleanRL's SAC; <see cref="Rlpd"/> is RLPD's published configuration.</remarks>
public sealed partial record SacOptions
{
    /// <summary>Environment steps of the whole run.</summary>
    public long Steps { get; init; } = 1_000_000;

    /// <summary>Hidden widths of actor and critics.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 256];

    /// <summary>Critics in the ensemble.</summary>
    public int Critics { get; init; } = 2;

    /// <summary>Target critics whose minimum is taken, drawn without replacement at every update (RLPD's permutation).</summary>
    public int TargetSubset { get; init; } = 2;

    /// <summary>Layer normalisation in the critics (RLPD, section 4.2).</summary>
    public bool CriticLayerNorm { get; init; }

    /// <summary>True: the actor ascends the mean over the ensemble (RLPD); false: the minimum (SAC).</summary>
    public bool ActorUsesMean { get; init; }

    /// <summary>True: the target contains the entropy of the next action.</summary>
    public bool BackupEntropy { get; init; } = true;

    /// <summary>Rows per minibatch; with demonstrations half of them come from there.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>Critic updates per environment step that trains; the actor and the temperature follow once, on the last batch.</summary>
    public int UpdatesPerStep { get; init; } = 1;

    /// <summary>Environment steps between trainings.</summary>
    public int TrainEvery { get; init; } = 1;

    /// <summary>Environment steps before the first update; actions until then are uniform.</summary>
    public long Warmup { get; init; } = 5_000;

    /// <summary>Discount γ.</summary>
    public double Gamma { get; init; } = 0.99;

    /// <summary>Share of a target network that stays at each move (1 - τ).</summary>
    public double Polyak { get; init; } = 0.995;

    /// <summary>Temperature α at the start.</summary>
    public double InitialTemperature { get; init; } = 1;

    /// <summary>Entropy per action that the temperature is tuned towards; -1 per action dimension is Haarnoja's, -1/2 RLPD's.</summary>
    public double TargetEntropyPerAction { get; init; } = -1;

    /// <summary>Standard deviation of the Gaussian exploration the bundle's manifest asks the edge for; 0.15 has the entropy of -1/2 per
    /// action that RLPD tunes its policies to.</summary>
    public double ExplorationNoise { get; init; } = 0.15;

    /// <summary>Adam of the actor.</summary>
    public AdamOptions Actor { get; init; } = new(3e-4);

    /// <summary>Adam of the critics.</summary>
    public AdamOptions Critic { get; init; } = new(1e-3);

    /// <summary>Learning rate of log α (Adam).</summary>
    public double TemperatureRate { get; init; } = 1e-3;

    /// <summary>RLPD as published: 10 critics of which 2, LayerNorm, 20 updates a step, 3e-4 everywhere (rlpd_config.py).</summary>
    public static SacOptions Rlpd { get; } = new()
    {
        Critics = 10,
        TargetSubset = 2,
        CriticLayerNorm = true,
        ActorUsesMean = true,
        BackupEntropy = false,
        UpdatesPerStep = 20,
        TargetEntropyPerAction = -0.5,
        Actor = new AdamOptions(3e-4),
        Critic = new AdamOptions(3e-4),
        TemperatureRate = 3e-4,
    };
}
