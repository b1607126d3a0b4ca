using System.Text.Json.Serialization;

namespace Robotics.Cli.Demo;

/// <summary>What a demo run showed: the one line of <c>--json</c>. Field names are stable.</summary>
internal sealed record DemoResult
{
    /// <summary>The task's time limit, steps.</summary>
    [JsonPropertyName("max_episode_length")]
    public int MaxEpisodeLength { get; init; }

    /// <summary>Mean length of the evaluation episodes, steps.</summary>
    [JsonPropertyName("mean_episode_length")]
    public double MeanEpisodeLength { get; init; }

    /// <summary>Share of evaluation episodes that lasted to the end and ended within 0.2 m of the target.</summary>
    [JsonPropertyName("settled_share")]
    public double SettledShare { get; init; }

    /// <summary>Share of evaluation episodes that the task ended in success; 0 for tasks that know none, as hovering.</summary>
    [JsonPropertyName("success_share")]
    public double SuccessShare { get; init; }

    /// <summary>Policies that were verified and took over on the edge.</summary>
    [JsonPropertyName("policies_installed")]
    public long PoliciesInstalled { get; init; }

    /// <summary>Identities in the spool, counted from its files.</summary>
    [JsonPropertyName("transitions_recorded")]
    public long TransitionsRecorded { get; init; }

    /// <summary>Transitions in the learner's replay at the end.</summary>
    [JsonPropertyName("transitions_in_replay")]
    public long TransitionsInReplay { get; init; }

    /// <summary>Identities in the spool that the store lacks, and records that the ring dropped.</summary>
    [JsonPropertyName("lost")]
    public long Lost { get; init; }

    /// <summary>Identities that stand more than once in spool or store.</summary>
    [JsonPropertyName("duplicated")]
    public long Duplicated { get; init; }

    /// <summary>Ticks of the training in which the supervisor changed or replaced a proposal.</summary>
    [JsonPropertyName("safety_interventions")]
    public long SafetyInterventions { get; init; }

    /// <summary>Largest distance from the target from the agent's death to the end of the real-time act, m.</summary>
    [JsonPropertyName("agent_kill_max_position_error_m")]
    public double AgentKillMaxPositionErrorM { get; init; }

    /// <summary>Records of the real-time act that are missing in its spool although the agent was dead for a while.</summary>
    [JsonPropertyName("agent_kill_lost")]
    public long AgentKillLost { get; init; }

    /// <summary>The learner's epoch at the end: 1 without a restart.</summary>
    [JsonPropertyName("learner_epoch")]
    public long LearnerEpoch { get; init; }

    /// <summary>Wall time of the whole run after the build, s.</summary>
    [JsonPropertyName("wall_s")]
    public double WallSeconds { get; init; }

    /// <summary>CPU time per process, s.</summary>
    [JsonPropertyName("cpu_s")]
    public required IReadOnlyDictionary<string, double> CpuSeconds { get; init; }

    /// <summary>Seed of the run.</summary>
    [JsonPropertyName("seed")]
    public ulong Seed { get; init; }
}
