using Robotics.Configuration;
using Robotics.Core;
using Robotics.Safety;

namespace Robotics.Runtime.Tests.Guards;

/// <summary>A one-joint supervisor that asks for arming checks of the test's choice.</summary>
internal static class CheckedSupervisor
{
    private static readonly ChannelLayout s_state = new([new Channel("joint.position", "rad", -3, 3)]);
    private static readonly ChannelLayout s_command = new([new Channel("joint.position", "rad", -3, 3), new Channel("joint.torque_limit", "1", 0, 1)]);

    public static SafetySupervisor With(string checks)
    {
        var document = ConfigDocument.Parse(
            """
            driver: {kind: simulated}
            safety:
              staleness: {joint_ms: 50}
              commands: {joint.position: {max_rate_per_s: 3}}
            baseline:
              kind: joint_hold
              limp_s: 0.5
              joints: [{command: joint.position, position: joint.position, torque: joint.torque_limit, deceleration_rad_s2: 4}]
            arming: {checks: [CHECKS], device_timeout_ms: 100}
            """.Replace("CHECKS", checks, StringComparison.Ordinal),
            "checked robot");
        SafetySupervisor supervisor = SafetySupervisor.Read(document.Root, s_state, s_command, 0.01);
        document.ThrowIfBad();
        return supervisor;
    }

    public static ArmingChecks MissingOf(SafetySupervisor supervisor)
    {
        supervisor.TryArm(out ArmingChecks missing);
        return missing;
    }
}
