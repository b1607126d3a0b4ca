using System.Text.Json.Serialization;

namespace Robotics.Cli.Bench;

/// <summary>Figures of `bench link`.</summary>
/// <param name="StateTransitionsPerS">State transitions of 32 floats per second, from the ring to the fsync'd store, acknowledged.</param>
/// <param name="ImageMbPerS">Megabytes (1e6) per second of image transitions on the same way, without CURVE.</param>
/// <param name="DiskMbPerS">Megabytes per second that plain writes of the same records reach with the same fsync interval.</param>
/// <param name="ImageRatioToDisk">The one by the other.</param>
/// <param name="EnqueueP99Us">Time the control thread spends on encoding and committing one record to the ring, 99th percentile, microseconds.</param>
/// <param name="AllocatedBytes">Bytes the control thread allocated meanwhile.</param>
/// <param name="RawZeromqMessagesPerS">Messages of the same size per second over bare PUSH/PULL on TCP.</param>
/// <param name="Lost">Records that did not arrive.</param>
internal sealed record LinkBenchResult(
    [property: JsonPropertyName("state_transitions_per_s")] double StateTransitionsPerS,
    [property: JsonPropertyName("image_mb_per_s")] double ImageMbPerS,
    [property: JsonPropertyName("disk_mb_per_s")] double DiskMbPerS,
    [property: JsonPropertyName("image_ratio_to_disk")] double ImageRatioToDisk,
    [property: JsonPropertyName("enqueue_p99_us")] double EnqueueP99Us,
    [property: JsonPropertyName("allocated_bytes")] long AllocatedBytes,
    [property: JsonPropertyName("raw_zeromq_messages_per_s")] double RawZeromqMessagesPerS,
    [property: JsonPropertyName("lost")] long Lost);
