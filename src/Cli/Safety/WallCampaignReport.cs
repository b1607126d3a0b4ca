using System.Text.Json.Serialization;
using Robotics.Runtime.Campaign;

namespace Robotics.Cli.Safety;

/// <summary>What `robotics safety campaign --wall --json` prints: the list of the campaign with measured times, and the trials of real processes.</summary>
internal sealed record WallCampaignReport(
    [property: JsonPropertyName("requirements_passed")] int RequirementsPassed,
    [property: JsonPropertyName("invariant_violations")] long InvariantViolations,
    [property: JsonPropertyName("cases")] long Cases,
    [property: JsonPropertyName("requirements")] IReadOnlyList<RequirementReport> Requirements,
    [property: JsonPropertyName("processes")] WallResult Processes);
