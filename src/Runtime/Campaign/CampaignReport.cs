using System.Text.Json.Serialization;

namespace Robotics.Runtime.Campaign;

/// <summary>What a campaign found. Names in JSON are those of `robotics safety campaign --json`.</summary>
/// <param name="Seed">Repeats the campaign exactly.</param>
/// <param name="RequirementsPassed">Of 37.</param>
/// <param name="InvariantViolations">Of I1 to I5, over every tick of every case.</param>
/// <param name="Cases">All cases together.</param>
/// <param name="Ticks">Control ticks filtered.</param>
/// <param name="FirstViolation">The first violated invariant, or null.</param>
/// <param name="Requirements">One report each.</param>
public sealed record CampaignReport(
    [property: JsonPropertyName("seed")] ulong Seed,
    [property: JsonPropertyName("requirements_passed")] int RequirementsPassed,
    [property: JsonPropertyName("invariant_violations")] long InvariantViolations,
    [property: JsonPropertyName("cases")] long Cases,
    [property: JsonPropertyName("ticks")] long Ticks,
    [property: JsonPropertyName("first_violation")] string? FirstViolation,
    [property: JsonPropertyName("requirements")] IReadOnlyList<RequirementReport> Requirements);
