using System.Text.Json.Serialization;

namespace Robotics.Cli.Safety;

/// <summary>What the watching thread did about a control loop that stood still (R14).</summary>
internal sealed record HangResult
{
    [JsonPropertyName("hangs")]
    public required int Hangs { get; init; }

    /// <summary>Hangs in which the watching thread wrote nothing.</summary>
    [JsonPropertyName("unanswered")]
    public required int Unanswered { get; init; }

    /// <summary>Longest time from the beginning of the tick that hung to the limp on its way to the driver, ms.</summary>
    [JsonPropertyName("worst_reaction_ms")]
    public required double WorstReactionMs { get; init; }

    [JsonPropertyName("median_reaction_ms")]
    public required double MedianReactionMs { get; init; }

    /// <summary>The worst in control periods.</summary>
    [JsonPropertyName("worst_reaction_periods")]
    public required double WorstReactionPeriods { get; init; }

    [JsonPropertyName("budget_periods")]
    public int BudgetPeriods { get; init; } = 3;

    /// <summary>Hangs after which the loop found itself stopped and latched.</summary>
    [JsonPropertyName("latched")]
    public required int Latched { get; init; }

    [JsonIgnore]
    public bool Passed => Unanswered == 0 && Latched == Hangs && WorstReactionPeriods <= BudgetPeriods;
}
