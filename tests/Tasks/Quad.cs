using Robotics.Configuration;
using Robotics.Core;
using Robotics.Tests.Shared;

namespace Robotics.Tasks.Tests;

/// <summary>Channels as a simulated quadrotor has them, and the tasks of the repository bound to them.</summary>
internal static class Quad
{
    public static ChannelLayout State { get; } = new(
    [
        .. ChannelNames.Position.Select(n => new Channel(n, "m")),
        .. ChannelNames.Orientation.Select(n => new Channel(n, "1")),
        .. ChannelNames.LinearVelocity.Select(n => new Channel(n, "m/s")),
        .. ChannelNames.AngularVelocity.Select(n => new Channel(n, "rad/s")),
        .. ChannelNames.RotorSpeed.Select(n => new Channel(n, "rpm", 0, 21702, Privileged: true)),
        .. ChannelNames.DisturbanceForce.Select(n => new Channel(n, "N", Privileged: true)),
        .. ChannelNames.DisturbanceTorque.Select(n => new Channel(n, "N m", Privileged: true)),
    ]);

    public static ChannelLayout Command { get; } = new(ChannelNames.Rotors.Select(n => new Channel(n, "rpm", 0, 21702)));

    public static RobotTask Load(string file)
    {
        ConfigDocument document = ConfigDocument.Load(Path.Combine(SharedData.RepositoryRoot, "tasks", file));
        RobotTask task = RobotTask.Read(document, State, Command, [14475.8, 14475.8, 14475.8, 14475.8]);
        document.ThrowIfBad();
        return task;
    }

    public static SensorSample Sample(params double[] values)
    {
        var sample = new SensorSample(State) { Status = ReadStatus.Ok };
        sample.Values.Clear();
        for (int i = 0; i < values.Length; i++)
            sample.Values[i] = (float)values[i];
        return sample;
    }
}
