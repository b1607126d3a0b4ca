using Robotics.Configuration;
using Robotics.Runtime.Commands;
using Robotics.Safety;

namespace Robotics.Runtime.Tests.Commands;

/// <summary>One joint whose driver also brings an emergency-stop chain and an arm switch.</summary>
internal sealed class SwitchRobot : IDisposable
{
    private static readonly ChannelLayout s_state = new(
        [new Channel("joint.position", "rad", -3, 3), new Channel(ChannelNames.OperatorStop, "1", 0, 1), new Channel(ChannelNames.OperatorArm, "1", 0, 1)]);

    private static readonly ChannelLayout s_command = new([new Channel("joint.position", "rad", -3, 3), new Channel("joint.torque_limit", "1", 0, 1)]);
    private readonly SensorSample _sample = new(s_state);
    private readonly SafetySupervisor _supervisor;
    private readonly OperatorSwitches _switches;
    private long _nowNs = 1_000_000_000;

    public SwitchRobot()
    {
        var document = ConfigDocument.Parse(
            """
            driver: {kind: simulated}
            safety:
              staleness: {joint_ms: 100, operator_ms: 100}
              commands: {joint.position: {max_rate_per_s: 3}}
            baseline: {kind: joint_hold, limp_s: 0.5, joints: [{command: joint.position, position: joint.position, torque: joint.torque_limit, deceleration_rad_s2: 4}]}
            arming: {checks: []}
            """,
            "switch robot");
        _supervisor = SafetySupervisor.Read(document.Root, s_state, s_command, 0.01);
        document.ThrowIfBad();
        _switches = new OperatorSwitches(_supervisor, s_state);
        Tick(0, 0);
    }

    public ArmingState Tick(float arm, float stop)
    {
        _nowNs += 10_000_000;
        _sample.Values[0] = 0.1f;
        _sample.Values[1] = stop;
        _sample.Values[2] = arm;
        _sample.Stamp(_nowNs);
        _sample.Sequence++;
        _sample.Status = ReadStatus.Ok;
        _supervisor.Inspect(_sample, _nowNs);
        _switches.Obey(_sample);
        _supervisor.Filter(null, _sample, _nowNs);
        return _supervisor.Arming;
    }

    public void Dispose() => _nowNs = 0;
}
