using Robotics.Configuration;
using Robotics.Learner.Imitation;
using Robotics.Learner.Kernels;
using Robotics.Learner.Replay;
using Robotics.Learner.Sac;
using Robotics.Learner.Td3;
using Robotics.Tasks;

namespace Robotics.Learner;

/// <summary>What a run file's <c>algorithm</c> section asks for: the learner, which data it keeps apart, and where its reward comes from.</summary>
public sealed record LearningAlgorithm
{
    private static readonly string[] s_kinds = ["td3", "sac", "rlpd", "rlif", "hg_dagger", "behaviour_cloning"];

    /// <summary>Values of <c>algorithm.kind</c>.</summary>
    public static IReadOnlyList<string> Kinds => s_kinds;

    /// <summary>Its kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Every constant in words: what must be equal for a checkpoint to mean the same thing.</summary>
    public required string Constants { get; init; }

    /// <summary>Makes the learner.</summary>
    public required Func<ReplayLayout, ulong, DenseKernels, IPolicyLearner> Create { get; init; }

    /// <summary>Size and place of the replay.</summary>
    public required ReplaySizes Replay { get; init; }

    /// <summary>Standard deviation of the Gaussian exploration that the bundle's manifest asks the edge for.</summary>
    public required double ExplorationNoise { get; init; }

    /// <summary>Which human steps have a memory of their own.</summary>
    public HumanShare Human { get; init; }

    /// <summary>True: an intervention is the only reward (RLIF); false: the task's.</summary>
    public bool InterventionIsReward { get; init; }

    /// <summary>Spool of demonstrations that goes into the human memory before the first step; null for none.</summary>
    public string? Demonstrations { get; init; }

    /// <summary>Networks to begin with; null for fresh ones.</summary>
    public WarmStart? WarmStart { get; init; }

    /// <summary>TD3 under <paramref name="options"/>.</summary>
    public static LearningAlgorithm Td3(Td3Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new LearningAlgorithm
        {
            Kind = "td3",
            Constants = $"{options} hidden={string.Join('-', options.Hidden)}",
            Create = (layout, seed, kernels) => new Td3Learner(options, layout, seed, kernels),
            Replay = ReplaySizes.For(options.Steps),
            ExplorationNoise = options.ExplorationNoise,
        };
    }

    /// <summary>SAC and its relatives under <paramref name="options"/>.</summary>
    public static LearningAlgorithm Sac(string kind, SacOptions options, HumanShare human)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new LearningAlgorithm
        {
            Kind = kind,
            Constants = $"{options} hidden={string.Join('-', options.Hidden)} human={human}",
            Create = (layout, seed, kernels) => new SacLearner(options, layout, seed, kernels),
            Replay = ReplaySizes.For(options.Steps),
            ExplorationNoise = options.ExplorationNoise,
            Human = human,
            InterventionIsReward = kind == "rlif",
        };
    }

    /// <summary>Imitation of what people did.</summary>
    public static LearningAlgorithm Imitation(string kind, ImitationOptions options, HumanShare human)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new LearningAlgorithm
        {
            Kind = kind,
            Constants = $"{options} hidden={string.Join('-', options.Hidden)} human={human}",
            Create = (layout, seed, kernels) => new ImitationLearner(options, layout, seed, kernels),
            Replay = ReplaySizes.For(options.Steps),
            ExplorationNoise = options.ExplorationNoise,
            Human = human,
        };
    }

    /// <summary>Reads the <c>algorithm</c> section for a run of <paramref name="steps"/>; problems go to its document.</summary>
    /// <param name="map">The section.</param>
    /// <param name="steps">Environment steps of the run.</param>
    /// <param name="replay">The run file's <c>replay</c> section; null for the defaults.</param>
    public static LearningAlgorithm Read(ConfigMap map, long steps, ConfigMap? replay = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        string kind = map.OneOf("kind", s_kinds);
        WarmStart? warmStart = kind is "sac" or "rlpd" or "rlif" ? WarmStart.Read(map) : null;
        LearningAlgorithm algorithm = kind switch
        {
            "sac" => Sac(kind, Warmed(SacOptions.Read(map, new SacOptions { Steps = steps }), warmStart), HumanShare.None),
            "rlpd" or "rlif" => Sac(kind, Warmed(SacOptions.Read(map, SacOptions.HilSerl with { Steps = steps }), warmStart), ReadShare(map)),
            "hg_dagger" => Imitation(kind, ImitationOptions.Read(map, steps), HumanShare.Everything),
            "behaviour_cloning" => Imitation(kind, ImitationOptions.Read(map, steps), HumanShare.Demonstrations),
            _ => Td3(Td3Options.Read(map, steps)),
        } with
        { Replay = ReplaySizes.Read(replay, steps) };
        if (kind == "td3")
            return algorithm;
        return algorithm with { Demonstrations = ReadDemonstrations(map, algorithm.Human), WarmStart = warmStart };
    }

    /// <summary>Refuses a task that the algorithm cannot learn.</summary>
    /// <exception cref="ConfigurationException">With the reason.</exception>
    public void ThrowIfUnfit(RobotTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (Human != HumanShare.None && task.HistoryLength > 0)
            throw new ConfigurationException("algorithm", 0, $"{Kind} keeps human steps apart, which needs a task without action history; {task.Name} has {task.HistoryLength} steps of it (observation.action_history_steps)");
    }

    /// <summary>The reward that the algorithm learns from.</summary>
    public IRewardModel RewardsOf(RobotTask task) => InterventionIsReward ? new RlifReward() : new TaskRewardModel(task);

    // The frozen policy flies first: no update before the warm start's steps are over.
    private static SacOptions Warmed(SacOptions options, WarmStart? warmStart) =>
        warmStart is null ? options : options with { Warmup = Math.Max(options.Warmup, warmStart.Steps) };

    private static HumanShare ReadShare(ConfigMap map) =>
        map.OneOf("human_data", ["everything", "demonstrations", "none"], "everything") switch
        {
            "demonstrations" => HumanShare.Demonstrations,
            "none" => HumanShare.None,
            _ => HumanShare.Everything,
        };

    private static string? ReadDemonstrations(ConfigMap map, HumanShare human)
    {
        if (!map.Has("demonstrations"))
            return null;
        string path = Path.GetFullPath(map.String("demonstrations"), map.Document.Folder);
        if (human == HumanShare.None)
            map.AddProblem("demonstrations", "needs an algorithm that keeps human steps apart (human_data: everything or demonstrations)");
        else if (!Directory.Exists(path))
            map.AddProblem("demonstrations", $"no such spool: {path}; record one with: robotics record RUN --folder DIR");
        return path;
    }
}
