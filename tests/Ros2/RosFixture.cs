using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Drivers.Ros2.Dds;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Robotics.Ros2.Tests;

/// <summary>Contexts for tests: loopback only, and a domain of this test process alone.</summary>
internal static class Ros
{
    public static int Domain { get; } = 100 + (Environment.ProcessId % 120);

    public static RosOptions Options => new() { Domain = Domain, Interface = "lo", MaxSampleBytes = 4 << 20 };

    public static RosContext Context(RosOptions? options = null)
    {
        Assert.SkipUnless(DdsLibrary.IsAvailable(out string reason), reason);
        return new RosContext(options ?? Options, MonotonicClock.Instance);
    }

    /// <summary>Waits for <paramref name="condition"/>, at most 20 s, and fails with <paramref name="what"/> otherwise.</summary>
    public static void Await(Func<bool> condition, string what, int seconds = 20)
    {
        using var never = new ManualResetEventSlim(false);
        long deadline = MonotonicClock.Instance.NowNs + (seconds * 1_000_000_000L);
        while (!condition())
        {
            Assert.True(MonotonicClock.Instance.NowNs < deadline, $"not within {seconds} s: {what}");
            never.Wait(2);
        }
    }
}
