using Robotics.Core;

namespace Robotics.Runtime.Composition;

/// <summary>Stands in for a real robot's device in a rehearsal: plausible samples in time, commands taken and forgotten.</summary>
/// <remarks>Every channel rests at the legal value nearest to zero (a quaternion at no rotation) and trembles a little, as sensors do: a value
/// that never changes would be taken for a broken one.</remarks>
internal sealed class StillRobot : IRobotDriver
{
    private const float Tremble = 1e-4f; // far below any limit, above a float's resolution at 1
    private readonly IClock _clock;
    private readonly float[] _rest;

    public StillRobot(IRobotDriver robot, IClock clock)
    {
        _clock = clock;
        StateChannels = robot.StateChannels;
        CommandChannels = robot.CommandChannels;
        _rest = [.. StateChannels.Select(c => (float)Math.Clamp(c.Name == ChannelNames.Orientation[0] ? 1 : 0, c.Minimum, c.Maximum))];
    }

    public ChannelLayout StateChannels { get; }

    public ChannelLayout CommandChannels { get; }

    public ReadStatus Read(SensorSample sample)
    {
        sample.Stamp(_clock.NowNs);
        sample.Sequence++;
        for (int i = 0; i < _rest.Length; i++)
            sample.Values[i] = _rest[i] + (((sample.Sequence + i) & 1) == 0 ? Tremble : 0);
        return sample.Status = ReadStatus.Ok;
    }

    public WriteStatus Write(in SafeCommand command) => command.IsValid ? WriteStatus.Ok : WriteStatus.Refused;

    public void Dispose() { }
}
