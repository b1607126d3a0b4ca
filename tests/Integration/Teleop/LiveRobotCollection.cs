namespace Robotics.Integration.Tests.Teleop;

[CollectionDefinition(LiveRobot.Collection, DisableParallelization = true)]
public sealed class LiveRobotCollection : ICollectionFixture<LiveRobot>;
