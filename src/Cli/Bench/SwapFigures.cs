namespace Robotics.Cli.Bench;

/// <summary>What <see cref="SwapBenchmark"/> measured.</summary>
/// <param name="Swaps">Takeovers of the small policy in the counted window.</param>
/// <param name="MissedTicks">Whole 1 kHz periods missed by the control process.</param>
/// <param name="TornReads">Actions that no single version gives.</param>
/// <param name="AllocatedBytes">Bytes the control thread allocated.</param>
/// <param name="PublishToActiveP50Ms">From the learner's publish of a 1.5 MB bundle to the first tick that acted with it, median.</param>
/// <param name="PublishToActiveP99Ms">The same, 99th percentile.</param>
/// <param name="MaxAppliedAgeMs">Greatest age (since publication) of a version when its application began, at 20 versions a second.</param>
/// <param name="ApplyMs">What one application took in that phase.</param>
/// <param name="BundleBytes">Bytes of the large bundle.</param>
/// <param name="Ticks">Ticks counted.</param>
/// <param name="IsRealTime">The control thread had SCHED_FIFO and locked memory.</param>
internal sealed record SwapFigures(
    long Swaps, long MissedTicks, long TornReads, long AllocatedBytes, double PublishToActiveP50Ms, double PublishToActiveP99Ms,
    double MaxAppliedAgeMs, double ApplyMs, int BundleBytes, long Ticks, bool IsRealTime
);
