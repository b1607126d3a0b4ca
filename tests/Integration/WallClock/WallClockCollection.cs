namespace Robotics.Integration.Tests.WallClock;

/// <summary>Flights in real time: one after the other, and beside no other test, since a second control process on the same core would hold the first up.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WallClockCollection
{
    public const string Name = "wall clock";
}
