using System.Text.Json.Serialization;

namespace Robotics.Cli.Demo;

/// <summary>One line of the edge's standard output under <c>--progress</c>; the last one, with <see cref="Done"/>, is its result.</summary>
internal sealed record EdgeProgress
{
    /// <summary>Tells the lines of edge and learner apart.</summary>
    [JsonPropertyName("kind")]
    public string Kind { get; init; } = "edge";

    /// <summary>Environment steps recorded.</summary>
    [JsonPropertyName("steps")]
    public long Steps { get; init; }

    /// <summary>Mean return of the last 20 episodes, by the edge's reward.</summary>
    [JsonPropertyName("mean_return")]
    public double MeanReturn { get; init; }

    /// <summary>Mean length of the last 20 episodes, steps.</summary>
    [JsonPropertyName("mean_length")]
    public double MeanLength { get; init; }

    /// <summary>Installed policy, for people.</summary>
    [JsonPropertyName("policy")]
    public string Policy { get; init; } = "none";

    /// <summary>Policies installed since start.</summary>
    [JsonPropertyName("policies_installed")]
    public long PoliciesInstalled { get; init; }

    /// <summary>Policies that the gate refused since start.</summary>
    [JsonPropertyName("policies_refused")]
    public long PoliciesRefused { get; init; }

    /// <summary>Why the last one was refused; empty for none.</summary>
    [JsonPropertyName("policy_refusal")]
    public string PolicyRefusal { get; init; } = "";

    /// <summary>Policies that were rolled back since start.</summary>
    [JsonPropertyName("policies_rolled_back")]
    public long PoliciesRolledBack { get; init; }

    /// <summary>How long a newer policy than the one in force has been known, s on the edge's clock; 0 where the newest flies.</summary>
    [JsonPropertyName("policy_behind_s")]
    public double PolicyBehindSeconds { get; init; }

    /// <summary>The same in recorded steps.</summary>
    [JsonPropertyName("policy_behind_steps")]
    public long PolicyBehindSteps { get; init; }

    /// <summary>Greatest time between the announcement of a policy and that policy in force since start, s.</summary>
    [JsonPropertyName("policy_applied_max_s")]
    public double PolicyAppliedMaxSeconds { get; init; }

    /// <summary>Ticks in which the supervisor changed or replaced the proposal.</summary>
    [JsonPropertyName("safety_interventions")]
    public long SafetyInterventions { get; init; }

    /// <summary>Records in the spool.</summary>
    [JsonPropertyName("spooled")]
    public long Spooled { get; init; }

    /// <summary>Records the learner has persisted and acknowledged.</summary>
    [JsonPropertyName("acknowledged")]
    public long Acknowledged { get; init; }

    /// <summary>Records dropped because the ring was full.</summary>
    [JsonPropertyName("dropped")]
    public long Dropped { get; init; }

    /// <summary>State of the link, for people.</summary>
    [JsonPropertyName("link")]
    public string Link { get; init; } = "";

    /// <summary>Mean length of the evaluation episodes, steps; NaN-free: 0 until evaluated.</summary>
    [JsonPropertyName("evaluation_mean_length")]
    public double EvaluationMeanLength { get; init; }

    /// <summary>Share of evaluation episodes of full length that end within 0.2 m of the target.</summary>
    [JsonPropertyName("evaluation_settled_share")]
    public double EvaluationSettledShare { get; init; }

    /// <summary>Share of evaluation episodes that the task ended in success; 0 for tasks that know none.</summary>
    [JsonPropertyName("evaluation_success_share")]
    public double EvaluationSuccessShare { get; init; }

    /// <summary>CPU time of the process, s.</summary>
    [JsonPropertyName("cpu_s")]
    public double CpuSeconds { get; init; }

    /// <summary>True on the last line.</summary>
    [JsonPropertyName("done")]
    public bool Done { get; init; }
}
