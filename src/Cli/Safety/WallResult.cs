using System.Text.Json.Serialization;

namespace Robotics.Cli.Safety;

/// <summary>What happened to a flying control process while its agent was killed and stopped, and while operators stopped it.</summary>
internal sealed record WallResult
{
    [JsonPropertyName("control_rate_hz")]
    public required double ControlRateHz { get; init; }

    [JsonPropertyName("agent_kills")]
    public required int Kills { get; init; }

    [JsonPropertyName("agent_stops")]
    public required int Stops { get; init; }

    /// <summary>Trials made again, since the agent had fallen silent by itself just before the signal, or the signal was sent late.</summary>
    [JsonPropertyName("void_trials")]
    public required int VoidTrials { get; init; }

    [JsonPropertyName("ticks")]
    public required long Ticks { get; init; }

    /// <summary>Control periods missed in all trials.</summary>
    [JsonPropertyName("missed_ticks")]
    public required long MissedTicks { get; init; }

    /// <summary>Control periods missed in the five seconds before the first trial: the machine's own.</summary>
    [JsonPropertyName("missed_ticks_before")]
    public required long MissedTicksBefore { get; init; }

    /// <summary>Longest time from the signal to the tick in which the next source commanded, ms.</summary>
    [JsonPropertyName("worst_replacement_ms")]
    public required double WorstReplacementMs { get; init; }

    [JsonPropertyName("median_replacement_ms")]
    public required double MedianReplacementMs { get; init; }

    /// <summary>The same in policy periods; the budget is 2.</summary>
    [JsonPropertyName("worst_replacement_periods")]
    public required double WorstReplacementPeriods { get; init; }

    [JsonPropertyName("replacement_budget_periods")]
    public int ReplacementBudgetPeriods { get; init; } = 2;

    /// <summary>Emergency stops with the agent dead: longest time from sending to the tick that cut the power, ms.</summary>
    [JsonPropertyName("worst_stop_local_ms")]
    public required double WorstStopLocalMs { get; init; }

    [JsonPropertyName("worst_stop_udp_ms")]
    public required double WorstStopUdpMs { get; init; }

    [JsonPropertyName("stops_by_operators")]
    public required int StopsByOperators { get; init; }

    /// <summary>A control process that stood still for 0.3 s: from its return to the tick that stopped the robot, ms.</summary>
    [JsonPropertyName("stop_after_standstill_ms")]
    public required double StopAfterStandstillMs { get; init; }

    [JsonPropertyName("allocated_bytes")]
    public required long AllocatedBytes { get; init; }

    [JsonPropertyName("collections")]
    public required int Collections { get; init; }

    [JsonPropertyName("degraded")]
    public required IReadOnlyList<string> Degraded { get; init; }

    [JsonPropertyName("passed")]
    public bool Passed => MissedTicks == 0 && WorstReplacementPeriods <= ReplacementBudgetPeriods && AllocatedBytes == 0 && Collections == 0;
}
