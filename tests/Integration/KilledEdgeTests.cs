using Robotics.Cli.Bench;
using Robotics.Tests.Shared;

namespace Robotics.Integration.Tests;

public sealed class KilledEdgeTests
{
    // SIGKILL to the real agent process in the middle of one swap after another; many more rounds: robotics bench swap --kills 50.
    [Fact]
    public void Agent_KilledInTheMiddleOfASwap_LeavesExactlyOneValidPolicy()
    {
        const int kills = 4;
        using var edge = new SwapKills(Path.Combine(SharedData.RepositoryRoot, "runs", "raptor-hover.yaml"));
        Assert.Equal(kills, edge.Run(kills));
    }
}
