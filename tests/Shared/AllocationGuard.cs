using Xunit;

namespace Robotics.Tests.Shared;

/// <summary>Proves that a piece of code allocates nothing on the calling thread.</summary>
public static class AllocationGuard
{
    /// <summary>Runs <paramref name="action"/> until it is compiled, then 1,000 times under guard.</summary>
    public static void AssertNone(Action action, int times = 1000)
    {
        ArgumentNullException.ThrowIfNull(action);
        for (int i = 0; i < 200; i++)
            action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < times; i++)
            action();
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, allocated);
    }
}
