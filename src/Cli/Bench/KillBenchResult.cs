using System.Text.Json.Serialization;

namespace Robotics.Cli.Bench;

/// <summary>Figures of `bench kill`.</summary>
/// <param name="Rounds">Kills.</param>
/// <param name="Recorded">Identities that the control processes had recorded.</param>
/// <param name="Stored">Identities in the learner's store.</param>
/// <param name="Lost">Recorded, but not stored.</param>
/// <param name="Duplicated">Stored more than once.</param>
/// <param name="Unrecovered">Kills after which the path did not come back by itself within 30 s.</param>
/// <param name="ResumeP50Ms">From the kill to the next acknowledgement after the restart, ms, median; includes the start of the process.</param>
/// <param name="ResumeP99Ms">The same, 99th percentile.</param>
/// <param name="RoundsByVictim">How often each was killed, or had a disk that was slow (and both were killed on it) or full (a tmpfs; needs root).</param>
internal sealed record KillBenchResult(
    [property: JsonPropertyName("rounds")] int Rounds,
    [property: JsonPropertyName("recorded")] long Recorded,
    [property: JsonPropertyName("stored")] long Stored,
    [property: JsonPropertyName("lost")] long Lost,
    [property: JsonPropertyName("duplicated")] long Duplicated,
    [property: JsonPropertyName("unrecovered")] long Unrecovered,
    [property: JsonPropertyName("resume_p50_ms")] double ResumeP50Ms,
    [property: JsonPropertyName("resume_p99_ms")] double ResumeP99Ms,
    [property: JsonPropertyName("rounds_by_victim")] IReadOnlyDictionary<string, int> RoundsByVictim)
{
    /// <summary>Nothing lost, nothing doubled, everything came back.</summary>
    [JsonIgnore]
    public bool IsClean => Lost == 0 && Duplicated == 0 && Unrecovered == 0;
}
