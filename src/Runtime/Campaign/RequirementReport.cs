using System.Text.Json.Serialization;

namespace Robotics.Runtime.Campaign;

/// <summary>The verdict on one requirement. Names in JSON are those of `robotics safety campaign --json`.</summary>
/// <param name="Id">R1 to R37 of docs/safety.md.</param>
/// <param name="Title">What it demands.</param>
/// <param name="Passed">True where every case passed within the budget.</param>
/// <param name="Cases">Cases run.</param>
/// <param name="WorstReactionPeriods">Slowest reaction seen, control periods.</param>
/// <param name="BudgetPeriods">What is allowed.</param>
/// <param name="WorstReactionMs">On the wall clock: slowest reaction, ms, from the due time of the period in which the fault could be seen to the
/// written safe command; null on the virtual clock.</param>
/// <param name="Failure">First failing case with its shrunk choices; null where none failed.</param>
public sealed record RequirementReport(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("passed")] bool Passed,
    [property: JsonPropertyName("cases")] long Cases,
    [property: JsonPropertyName("worst_reaction_periods")] int WorstReactionPeriods,
    [property: JsonPropertyName("budget_periods")] int BudgetPeriods,
    [property: JsonPropertyName("worst_reaction_ms")] double? WorstReactionMs,
    [property: JsonPropertyName("failure")] string? Failure);
