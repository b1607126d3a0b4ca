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

    /// <summary>Ticks of the whole flight.</summary>
    [JsonPropertyName("ticks")]
    public required long Ticks { get; init; }

    /// <summary>Control periods missed in all trials.</summary>
    [JsonPropertyName("missed_ticks")]
    public long MissedTicks => WithTrials.Missed;

    /// <summary>Those in the trials less those in as many ticks without: what the kills and stops may have added (R32). Negative where chance was against the latter.</summary>
    [JsonPropertyName("additional_missed_ticks")]
    public long AdditionalMissedTicks => WithTrials.Missed - WithoutTrials.Missed;

    /// <summary>The stretches in which the agent was killed and stopped.</summary>
    [JsonPropertyName("with_trials")]
    public required WallWindow WithTrials { get; init; }

    /// <summary>Equal stretches in turn with them, in which nobody was.</summary>
    [JsonPropertyName("without_trials")]
    public required WallWindow WithoutTrials { get; init; }

    /// <summary>A C loop at the same rate and priority on the same core afterwards, for as many ticks; null where there is no compiler.</summary>
    [JsonPropertyName("c_loop")]
    public required WallWindow? CLoop { get; init; }

    /// <summary>Longest time from the signal to the tick in which the next source commanded, ms.</summary>
    [JsonPropertyName("worst_replacement_ms")]
    public required double WorstReplacementMs { get; init; }

    [JsonPropertyName("median_replacement_ms")]
    public required double MedianReplacementMs { get; init; }

    /// <summary>The same in policy periods; the budget is 2.</summary>
    [JsonPropertyName("worst_replacement_periods")]
    public required double WorstReplacementPeriods { get; init; }

    /// <summary>Longest time from the end of the dead agent's last proposal (its deadline) to the tick in which the next source commanded, control periods.</summary>
    [JsonPropertyName("worst_after_deadline_ticks")]
    public required double WorstAfterDeadlineTicks { get; init; }

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

    /// <summary>The watching thread against a loop that hangs.</summary>
    [JsonPropertyName("watching_thread")]
    public HangResult? WatchingThread { get; init; }

    [JsonPropertyName("degraded")]
    public required IReadOnlyList<string> Degraded { get; init; }

    [JsonPropertyName("passed")]
    public bool Passed => MissedTicks == 0 && WorstReplacementPeriods <= ReplacementBudgetPeriods && AllocatedBytes == 0 && Collections == 0
        && WatchingThread is not { Passed: false };
}
