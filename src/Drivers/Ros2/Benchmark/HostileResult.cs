namespace Robotics.Drivers.Ros2;

/// <summary>What became of a flood of hostile samples: each is counted in one way, none was lost sight of.</summary>
/// <param name="Samples">Samples sent.</param>
/// <param name="Malformed">Dropped: their bytes are no such message.</param>
/// <param name="Oversized">Dropped: over the limit of size.</param>
/// <param name="OtherFrame">Dropped: a readable message of another frame.</param>
/// <param name="Incomplete">Dropped: a readable message without an element that is mapped.</param>
/// <param name="HandlerFailures">Exceptions on the receiving threads; 0.</param>
/// <param name="ReadsAfterwards">True where sound messages arrived afterwards.</param>
public sealed record HostileResult(
    long Samples, long Malformed, long Oversized, long OtherFrame, long Incomplete, long HandlerFailures, bool ReadsAfterwards)
{
    /// <summary>Samples that happened to be sound messages of their topic and were taken as such.</summary>
    public long Taken => Samples - Malformed - Oversized - OtherFrame - Incomplete;
}
