using Robotics.Cli.Bench;
using Robotics.Transport;

namespace Robotics.Integration.Tests;

/// <summary>The control process's loop with a camera at 200 Hz, while the learner is gone for half a minute of the robot's time.</summary>
[Collection(Collection)]
public sealed class LinkCutFlightTests
{
    public const string Collection = "memory of the whole process";

    [Fact]
    public void LearnerGoneForThirtySecondsAt200HzWithImages_RobotFliesOnMemoryStaysFlatAndEverythingArrivesOnce()
    {
        Assert.SkipUnless(ZmqContext.IsAvailable(out string problem), problem);
        using var folder = new TemporaryFolder();
        using var flight = new CutFlight(folder.Path);
        CutResult result = flight.Fly(beforeS: 2, cutS: 30, afterS: 2);
        Assert.Equal((6000L, 6000L, 128 * 128 * 3), (result.TicksInCut, result.RecordedInCut, result.ImageBytes));
        Assert.Equal((0L, 0L, 0L), (result.MissedTicks, result.BaselineTicks, result.Dropped));
        Assert.Equal((0L, 0L, 0L, 0L), (result.Lost, result.Duplicated, result.Differing, result.NotByPolicy));
        Assert.True(result.Recorded >= 34 * 200, $"{result}");
        Assert.InRange(result.BytesPerTransition, result.ImageBytes, 1.02 * result.ImageBytes); // each frame once
        Assert.True(result.MegabytesInCut > 280, $"{result}");
        Assert.True(result.HeapGrowthBytes <= CutResult.MostHeapGrowth, $"{result}");
        Assert.True(result.AnonymousGrowthBytes <= CutResult.MostMappedGrowth && result.MappedGrowthBytes <= CutResult.MostMappedGrowth, $"{result}");
        Assert.InRange(result.RingPendingMaxBytes, 0, 1 << 20);
    }
}

/// <summary>Alone: others' memory would be counted too.</summary>
[CollectionDefinition(LinkCutFlightTests.Collection, DisableParallelization = true)]
public sealed class WholeProcessMemoryCollection;
