using Robotics.Core;

namespace Robotics.Runtime.Tests.Control;

/// <summary>A driver between the loop and the robot that throws, hangs or refuses when told to.</summary>
internal sealed class BreakableDriver(IRobotDriver robot) : IRobotDriver
{
    public int ReadsThatThrow { get; set; }

    public int WritesThatThrow { get; set; }

    public WriteStatus Status { get; set; }

    public int Writes { get; private set; }

    public SafetyAction LastWritten { get; private set; }

    /// <summary>Runs inside a write.</summary>
    public Action? Inside { get; set; }

    public ChannelLayout StateChannels => robot.StateChannels;

    public ChannelLayout CommandChannels => robot.CommandChannels;

    public ReadStatus Read(SensorSample sample) =>
        ReadsThatThrow-- > 0 ? throw new IOException("a read that breaks its contract") : robot.Read(sample);

    public WriteStatus Write(in SafeCommand command)
    {
        if (WritesThatThrow-- > 0)
            throw new IOException("a write that breaks its contract");
        Inside?.Invoke();
        Writes++;
        LastWritten = command.Action;
        return Status == WriteStatus.Ok ? robot.Write(command) : Status;
    }

    public void Dispose() => robot.Dispose();
}
