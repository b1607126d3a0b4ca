using Xunit;

namespace Robotics.Tests.Shared;

/// <summary>Proves that a piece of code allocates nothing on the calling thread.</summary>
public static class AllocationGuard
{
    private const int Rounds = 50; // collections come from other threads, some a second; code that brings one about in every round allocates

    /// <summary>Runs <paramref name="action"/> until it is compiled, then 1,000 times under guard.</summary>
    /// <remarks>A round in which a collection happened says nothing and is repeated: a collection that another thread's allocations bring about
    /// takes back this thread's allocation context, up to 8 KB, and .NET 10 sometimes counts what was left of it as allocated (in 51 of 277 collections, of a thread
    /// that allocated nothing, 2026-11-21).</remarks>
    public static void AssertNone(Action action, int times = 1000)
    {
        ArgumentNullException.ThrowIfNull(action);
        for (int i = 0; i < 200; i++)
            action();
        for (int round = 0; round < Rounds; round++)
        {
            int collections = GC.CollectionCount(0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < times; i++)
                action();
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated != 0 && GC.CollectionCount(0) != collections)
                continue;
            Assert.Equal(0, allocated);
            return;
        }
        Assert.Fail($"bytes were allocated and a collection happened in each of {Rounds} rounds");
    }
}
