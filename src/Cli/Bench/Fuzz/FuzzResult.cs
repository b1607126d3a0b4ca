using System.Text.Json.Serialization;

namespace Robotics.Cli.Bench;

/// <summary>What became of one decoder's frames.</summary>
/// <param name="Decoder">Which one.</param>
/// <param name="Frames">Mutated frames it was given.</param>
/// <param name="Accepted">Of them: taken for what they claim to be (a change in a value is none in the form).</param>
/// <param name="Crashes">Of them: answered with an exception.</param>
/// <param name="FirstCrash">What the first one said; empty for none.</param>
/// <param name="AllocatedPerFrame">Managed bytes for each frame on average.</param>
/// <param name="AllocationLimit">The most it may be.</param>
/// <param name="MicrosecondsPerFrame">CPU time for each frame, mutating included.</param>
internal sealed record FuzzResult(
    [property: JsonPropertyName("decoder")] string Decoder,
    [property: JsonPropertyName("frames")] long Frames,
    [property: JsonPropertyName("accepted")] long Accepted,
    [property: JsonPropertyName("crashes")] long Crashes,
    [property: JsonPropertyName("first_crash")] string FirstCrash,
    [property: JsonPropertyName("allocated_bytes_per_frame")] double AllocatedPerFrame,
    [property: JsonPropertyName("allocation_limit")] long AllocationLimit,
    [property: JsonPropertyName("us_per_frame")] double MicrosecondsPerFrame)
{
    /// <summary>No exception, and no more memory than stated.</summary>
    [JsonIgnore]
    public bool IsClean => Crashes == 0 && AllocatedPerFrame <= AllocationLimit;
}
