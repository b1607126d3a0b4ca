namespace Robotics.Drivers.Ros2;

/// <summary>What <see cref="Ros2Benchmark"/> measured: medians over its rounds, each of which runs ours and the C peer in turn.</summary>
/// <param name="RttP50Us">Median round trip of an Imu from here to a C peer and back, us.</param>
/// <param name="RttP50RatioToC">That over the same from a C peer to a C peer.</param>
/// <param name="ThroughputPerS">Imu per second that a C peer sends and this library receives.</param>
/// <param name="ThroughputRatioToC">That over what a C peer receives.</param>
/// <param name="AllocatedBytesPerMessage">Managed bytes per received and decoded message.</param>
/// <param name="CRttP50Us">The C peer's median round trip, us.</param>
/// <param name="CThroughputPerS">The C peer's throughput.</param>
/// <param name="Gaps">Numbers missing or out of order; 0 under reliable.</param>
public sealed record Ros2BenchmarkResult(
    double RttP50Us,
    double RttP50RatioToC,
    double ThroughputPerS,
    double ThroughputRatioToC,
    double AllocatedBytesPerMessage,
    double CRttP50Us,
    double CThroughputPerS,
    long Gaps
);
