using Robotics.Core;
using Robotics.Drivers.Ros2;

namespace Robotics.Ros2.Tests;

[Trait("Category", "Interop")]
public sealed class Ros2BenchmarkTests
{
    [Fact]
    public void Run_AgainstTheCPeer_LosesNothingAndAllocatesNothing()
    {
        Ros2BenchmarkResult r = Ros2Benchmark.Run(Peers.Cyclone(), (Ros.Domain + 1) % 230, MonotonicClock.Instance, rounds: 1, trips: 500, messages: 20_000);
        Assert.Equal(0, r.Gaps);
        Assert.Equal(0, r.AllocatedBytesPerMessage);
        Assert.True(r is { RttP50Us: > 0, CRttP50Us: > 0, ThroughputPerS: > 0, CThroughputPerS: > 0 }, r.ToString());
    }
}
