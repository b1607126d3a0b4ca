using Robotics.Core;
using Robotics.Safety;

namespace Robotics.Runtime.Commands;

/// <summary>Switches that arrive with the sample: an emergency-stop chain, an arm switch on a transmitter.</summary>
/// <remarks>State channels <see cref="ChannelNames.OperatorStop"/> and <see cref="ChannelNames.OperatorArm"/>; closed above 0.5. The stop acts in the
/// tick of its sample; opening it again never moves the robot (R17). The arm switch arms when it closes, and after a refusal only
/// when it was open in between (R18); opening it disarms. Control thread; allocates nothing.</remarks>
public sealed class OperatorSwitches
{
    private const float Closed = 0.5f;
    private readonly SafetySupervisor _supervisor;
    private readonly int _stop;
    private readonly int _arm;
    private bool _stopped;
    private bool _armed;

    /// <summary>The switches among <paramref name="channels"/>, for <paramref name="supervisor"/>.</summary>
    public OperatorSwitches(SafetySupervisor supervisor, ChannelLayout channels)
    {
        _supervisor = supervisor ?? throw new ArgumentNullException(nameof(supervisor));
        ArgumentNullException.ThrowIfNull(channels);
        _stop = channels.TryIndicesOf([ChannelNames.OperatorStop])?[0] ?? -1;
        _arm = channels.TryIndicesOf([ChannelNames.OperatorArm])?[0] ?? -1;
    }

    /// <summary>True where the robot has such a switch.</summary>
    public bool Exist => _stop >= 0 || _arm >= 0;

    /// <summary>Looks at the switches of this sample, which the supervisor has inspected.</summary>
    public void Obey(SensorSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (_stop >= 0)
            ObeyStop(sample.Values[_stop] > Closed);
        if (_arm >= 0)
            ObeyArm(sample.Values[_arm] > Closed);
    }

    private void ObeyStop(bool closed)
    {
        if (closed)
            _supervisor.EmergencyStop();
        else if (_stopped)
            _supervisor.ReleaseEmergencyStop();
        _stopped = closed;
    }

    private void ObeyArm(bool closed)
    {
        if (!closed && _armed)
            _supervisor.Disarm();
        _armed = closed;
        _supervisor.RequestArm(closed, out _);
    }
}
