using Robotics.Runtime.Tests;
using Robotics.Runtime.Time;

// Allocation guards count what the tick's thread allocates; the runtime's own cache of casts is shared by all threads of the process, so it is
// full-grown before the first test, and no neighbour runs at the same time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(GrownCaches))]

namespace Robotics.Runtime.Tests;

/// <summary>Made once before the first test.</summary>
public sealed class GrownCaches
{
    public GrownCaches() => Casts = RuntimeCaches.Grow();

    /// <summary>Casts made.</summary>
    public int Casts { get; }
}
