using System.Text.Json.Serialization;

namespace Robotics.Cli.Bench;

/// <summary>Figures of `bench kill --cut`. Seconds and ticks are the robot's.</summary>
/// <param name="CutSeconds">How long there was no learner.</param>
/// <param name="TicksInCut">Control ticks flown in an episode meanwhile.</param>
/// <param name="MissedTicks">Control periods of the whole flight without a tick, by the robot's clock.</param>
/// <param name="BaselineTicks">Ticks in which the supervisor changed or replaced the policy's command.</param>
/// <param name="Dropped">Transitions that found the ring full.</param>
/// <param name="RecordedInCut">Transitions recorded while there was no learner.</param>
/// <param name="MegabytesInCut">Bytes of them.</param>
/// <param name="Recorded">Transitions of the whole flight.</param>
/// <param name="ImageBytes">Image bytes in each, each frame once.</param>
/// <param name="Lost">Recorded, but not in the learner's store.</param>
/// <param name="Duplicated">In the store more than once.</param>
/// <param name="Differing">In the store with other bytes than in the spool.</param>
/// <param name="NotByPolicy">Steps whose executed action was not the policy's, as they arrived.</param>
/// <param name="HeapGrowthBytes">Managed heap at the end of the cut against that one second after its beginning.</param>
/// <param name="AnonymousGrowthBytes">Resident memory without a file, likewise.</param>
/// <param name="MappedGrowthBytes">Address space, likewise.</param>
/// <param name="RingPendingMaxBytes">Most bytes that waited in the ring after an agent's turn.</param>
/// <param name="BytesPerTransition">Bytes of spool and store for each transition: each frame once in either.</param>
internal sealed record CutResult(
    [property: JsonPropertyName("cut_s")] double CutSeconds,
    [property: JsonPropertyName("ticks_in_cut")] long TicksInCut,
    [property: JsonPropertyName("missed_ticks")] long MissedTicks,
    [property: JsonPropertyName("baseline_ticks")] long BaselineTicks,
    [property: JsonPropertyName("dropped")] long Dropped,
    [property: JsonPropertyName("recorded_in_cut")] long RecordedInCut,
    [property: JsonPropertyName("mb_in_cut")] double MegabytesInCut,
    [property: JsonPropertyName("recorded")] long Recorded,
    [property: JsonPropertyName("image_bytes")] int ImageBytes,
    [property: JsonPropertyName("lost")] long Lost,
    [property: JsonPropertyName("duplicated")] long Duplicated,
    [property: JsonPropertyName("differing")] long Differing,
    [property: JsonPropertyName("steps_not_by_policy")] long NotByPolicy,
    [property: JsonPropertyName("heap_growth_bytes")] long HeapGrowthBytes,
    [property: JsonPropertyName("anonymous_growth_bytes")] long AnonymousGrowthBytes,
    [property: JsonPropertyName("mapped_growth_bytes")] long MappedGrowthBytes,
    [property: JsonPropertyName("ring_pending_max_bytes")] long RingPendingMaxBytes,
    [property: JsonPropertyName("bytes_per_transition")] double BytesPerTransition)
{
    /// <summary>Managed heap that a cut may cost: no more than a few pages of tables, whatever was recorded.</summary>
    public const long MostHeapGrowth = 4 << 20;

    /// <summary>Memory and address space that a cut may cost: the runtime's own coming and going, whatever was recorded.</summary>
    public const long MostMappedGrowth = 64 << 20;

    /// <summary>The robot flew on, memory stayed flat, everything arrived once.</summary>
    [JsonIgnore]
    public bool IsClean =>
        MissedTicks == 0 && BaselineTicks == 0 && Dropped == 0 && Lost == 0 && Duplicated == 0 && Differing == 0 && NotByPolicy == 0
        && HeapGrowthBytes <= MostHeapGrowth && AnonymousGrowthBytes <= MostMappedGrowth && MappedGrowthBytes <= MostMappedGrowth;
}
