using Robotics.Configuration;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;

namespace Robotics.Learner.Td3;

public sealed partial record Td3Options
{
    /// <summary>Names of the presets, for <c>algorithm.preset</c>.</summary>
    public static IReadOnlyList<string> Presets { get; } = ["published", "steady"];

    /// <summary>The published recipe: the defaults of this record.</summary>
    public static Td3Options Published { get; } = new();

    /// <summary>The published recipe made steady: a last policy that does not depend on when the run happens to end.</summary>
    /// <remarks>Measured on the hover task, 5 seeds, 2026-11-21 (docs/benchmarks.md): rewards × 0.1 bring Q from about 200 to about 20,
    /// which Adam at 1e-3 follows ten times faster; without weight decay the last layers are not pulled back from that scale; the
    /// actor published over the last tenth is a running average over about 100 updates. Target noise of 0.05 clipped at 0.1 instead of
    /// 0.2 at 0.5: a critic that is smoothed over a fifth of the rotors' range cannot tell where exactly the target is; on seeds 10-15
    /// the mean settled share rises from 0.13 to 0.40 at a mean length of 489 (494 before).
    /// Seeds 0-9, on which nothing was chosen, do not confirm it: median settled share 0.01, length 482.</remarks>
    /// <param name="steps">Environment steps of the run.</param>
    public static Td3Options Steady(long steps) =>
        Published with
        {
            Steps = steps,
            RewardScale = 0.1,
            TargetNoise = 0.05,
            TargetNoiseClip = 0.1,
            Actor = new AdamOptions(1e-3),
            Critic = new AdamOptions(1e-3),
            ActorAverage = 0.99,
            ActorAverageFrom = steps * 9 / 10,
        };

    /// <summary>Reads the run file's <c>algorithm</c> section: a preset, and any constant of it set otherwise. Problems are listed in
    /// the map's document.</summary>
    /// <param name="map">The section; its <c>kind</c> is <c>td3</c>.</param>
    /// <param name="steps">Environment steps of the run (the run file's <c>steps</c>).</param>
    public static Td3Options Read(ConfigMap map, long steps)
    {
        ArgumentNullException.ThrowIfNull(map);
        map.OneOf("kind", ["td3"]);
        Td3Options preset = Preset(map.OneOf("preset", Presets, "published"), steps);
        Td3Options options = preset with
        {
            Hidden = [.. map.Vector("hidden", -1, 1, 4096, [.. preset.Hidden.Select(h => (double)h)]).Select(h => (int)h)],
            HiddenActivation = ReadActivation(map, preset.HiddenActivation),
            Batch = (int)map.Integer("batch", 1, 65_536, preset.Batch),
            Gamma = map.Number("gamma", 0, 1, preset.Gamma),
            RewardScale = map.Number("reward_scale", 1e-6, 1e6, preset.RewardScale),
            Polyak = map.Number("polyak", 0, 1, preset.Polyak),
            TargetNoise = map.Number("target_noise", 0, 2, preset.TargetNoise),
            TargetNoiseClip = map.Number("target_noise_clip", 0, 2, preset.TargetNoiseClip),
            ExplorationNoise = map.Number("exploration_noise", 0, 2, preset.ExplorationNoise),
            Actor = ReadAdam(map, "actor", preset.Actor),
            Critic = ReadAdam(map, "critic", preset.Critic),
            RateDecayFrom = map.Integer("rate_decay_from_steps", 0, long.MaxValue, preset.RateDecayFrom),
            FinalRateFactor = map.Number("final_rate_factor", 0, 1, preset.FinalRateFactor),
            ActorAverage = map.Number("actor_average", 0, 1, preset.ActorAverage),
            ActorAverageFrom = map.Integer("actor_average_from_steps", 0, long.MaxValue, preset.ActorAverageFrom),
        };
        return options.ReadSchedule(map);
    }

    private static Td3Options Preset(string name, long steps) => name == "steady" ? Steady(steps) : Published with { Steps = steps };

    private Td3Options ReadSchedule(ConfigMap map)
    {
        const int most = 1_000_000;
        return this with
        {
            CriticEvery = (int)map.Integer("critic_every_steps", 1, most, CriticEvery),
            ActorEvery = (int)map.Integer("actor_every_steps", 1, most, ActorEvery),
            CriticTargetEvery = (int)map.Integer("critic_target_every_steps", 1, most, CriticTargetEvery),
            ActorTargetEvery = (int)map.Integer("actor_target_every_steps", 1, most, ActorTargetEvery),
            CriticWarmup = map.Integer("critic_warmup_steps", 0, long.MaxValue, CriticWarmup),
            ActorWarmup = map.Integer("actor_warmup_steps", 0, long.MaxValue, ActorWarmup),
        };
    }

    private static AdamOptions ReadAdam(ConfigMap map, string who, AdamOptions preset) =>
        preset with
        {
            LearningRate = map.Number($"{who}_learning_rate", 0, 1, preset.LearningRate),
            WeightDecay = map.Number($"{who}_weight_decay", 0, 1, preset.WeightDecay),
        };

    private static Activation ReadActivation(ConfigMap map, Activation preset)
    {
        string text = map.OneOf("hidden_activation", ["fast_tanh", "relu"], preset == Activation.Relu ? "relu" : "fast_tanh");
        return text == "relu" ? Activation.Relu : Activation.FastTanh;
    }
}
