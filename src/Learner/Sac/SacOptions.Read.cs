using Robotics.Configuration;
using Robotics.Learner.Networks;

namespace Robotics.Learner.Sac;

public sealed partial record SacOptions
{
    /// <summary>RLPD as HIL-SERL runs it on robots (Luo et al. 2024, arXiv:2410.21845; its experiments/config.py and launcher): two critics with LayerNorm, two
    /// critic updates a step, discount 0.97, temperature from 0.01, training from step 100.</summary>
    public static SacOptions HilSerl { get; } = new()
    {
        Critics = 2,
        TargetSubset = 2,
        CriticLayerNorm = true,
        ActorUsesMean = true,
        BackupEntropy = false,
        UpdatesPerStep = 2,
        Warmup = 100,
        Gamma = 0.97,
        InitialTemperature = 0.01,
        TargetEntropyPerAction = -0.5,
        Actor = new AdamOptions(3e-4),
        Critic = new AdamOptions(3e-4),
        TemperatureRate = 3e-4,
    };

    /// <summary>Reads the run file's <c>algorithm</c> section over <paramref name="preset"/>; problems go to its document.</summary>
    public static SacOptions Read(ConfigMap map, SacOptions preset)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(preset);
        SacOptions options = preset with
        {
            Hidden = [.. map.Vector("hidden", -1, 1, 4096, [.. preset.Hidden.Select(h => (double)h)]).Select(h => (int)h)],
            Critics = (int)map.Integer("critics", 1, 100, preset.Critics),
            TargetSubset = (int)map.Integer("target_subset", 1, 100, preset.TargetSubset),
            CriticLayerNorm = map.Flag("critic_layer_norm", preset.CriticLayerNorm),
            ActorUsesMean = map.Flag("actor_uses_mean", preset.ActorUsesMean),
            BackupEntropy = map.Flag("backup_entropy", preset.BackupEntropy),
            Batch = (int)map.Integer("batch", 2, 65_536, preset.Batch),
            UpdatesPerStep = (int)map.Integer("updates_per_step", 1, 1000, preset.UpdatesPerStep),
            TrainEvery = (int)map.Integer("train_every_steps", 1, 1_000_000, preset.TrainEvery),
            Warmup = map.Integer("warmup_steps", 0, long.MaxValue, preset.Warmup),
            Gamma = map.Number("gamma", 0, 1, preset.Gamma),
            Polyak = map.Number("polyak", 0, 1, preset.Polyak),
            InitialTemperature = map.Number("initial_temperature", 1e-9, 1e3, preset.InitialTemperature),
            TargetEntropyPerAction = map.Number("target_entropy_per_action", -100, 100, preset.TargetEntropyPerAction),
            TemperatureRate = map.Number("temperature_learning_rate", 0, 1, preset.TemperatureRate),
            ExplorationNoise = map.Number("exploration_noise", 0, 2, preset.ExplorationNoise),
            Actor = preset.Actor with { LearningRate = map.Number("actor_learning_rate", 0, 1, preset.Actor.LearningRate) },
            Critic = preset.Critic with { LearningRate = map.Number("critic_learning_rate", 0, 1, preset.Critic.LearningRate) },
        };
        if (options.TargetSubset > options.Critics)
            map.AddProblem("target_subset", $"{options.TargetSubset} of {options.Critics} critics");
        if (options.CriticLayerNorm && options.Hidden.Any(h => h % 16 != 0))
            map.AddProblem("hidden", "layer normalisation needs widths that are multiples of 16");
        return options;
    }
}
