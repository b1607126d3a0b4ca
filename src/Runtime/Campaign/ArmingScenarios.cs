using Robotics.Core;
using Robotics.Safety;

namespace Robotics.Runtime.Campaign;

/// <summary>R17 to R19 and R36: who may put power on the motors, and when.</summary>
internal static class ArmingScenarios
{
    private static readonly ArmingChecks[] s_confirmed =
        [
            ArmingChecks.Policy, ArmingChecks.Calibration, ArmingChecks.DeviceTimeout, ArmingChecks.DeviceIdentity, ArmingChecks.Clock, ArmingChecks.Disk,
            ArmingChecks.Recorder, ArmingChecks.Watchdog, ArmingChecks.Learner,
        ];

    public static IEnumerable<Scenario> All =>
        [
            new("R17", "an emergency stop latches; letting it go never moves the robot", 1, false, EmergencyStop),
            new("R18", "arming needs a fresh press with all checks green", 0, false, FreshPress),
            new("R19", "every check refuses arming with its own reason only", 0, false, EveryCheck),
            new("R36", "another device than declared is refused before arming", 0, false, WrongDevice),
        ];

    private static CaseOutcome EmergencyStop(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin();
        rig.Run(draw.Pick(100));
        rig.Supervisor.EmergencyStop();
        int reaction = rig.Until(SafetyAction.PowerCut, 3);
        rig.Run(draw.Pick(50));
        if (draw.Pick(2) == 0)
            rig.Supervisor.ReleaseEmergencyStop();
        for (int k = 0; k < 20; k++)
        {
            rig.ProposeHover();
            if (rig.Tick() != SafetyAction.PowerCut || rig.Emitted.Any(u => u != 0))
                return CaseOutcome.Fail("moved while latched");
        }
        bool refused = !rig.Supervisor.TryArm(out ArmingChecks missing) && missing == ArmingChecks.Clear;
        rig.Supervisor.ReleaseEmergencyStop();
        rig.Supervisor.Disarm();
        rig.ProposeHover();
        bool stillCut = rig.Tick() == SafetyAction.PowerCut && rig.Supervisor.Arming == ArmingState.Disarmed;
        return CaseOutcome.When(refused && stillCut, $"refused {refused} ({missing}), cut after disarm {stillCut}", reaction);
    }

    private static CaseOutcome FreshPress(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Quad;
        rig.Begin(arm: false);
        rig.Supervisor.RequestArm(false, out _);
        rig.Tick(sample => sample.Values[draw.Pick(13)] = float.NaN);
        bool first = rig.Supervisor.RequestArm(true, out ArmingChecks why);
        bool held = false;
        for (int k = 0; k < 5 + draw.Pick(50); k++)
        {
            rig.ProposeHover();
            rig.Tick();
            held |= rig.Supervisor.RequestArm(true, out _);
        }
        rig.Supervisor.RequestArm(false, out _);
        bool pressed = rig.Supervisor.RequestArm(true, out ArmingChecks missing);
        if (pressed)
            rig.Invariants.OnArmed();
        return CaseOutcome.When(!first && why == ArmingChecks.Sample && !held && pressed, $"first {first} ({why}), held {held}, pressed again {pressed} ({missing})");
    }

    private static CaseOutcome EveryCheck(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Checked;
        rig.Supervisor.Confirm((ArmingChecks)uint.MaxValue, true);
        rig.Begin(arm: false);
        int which = draw.Pick(s_confirmed.Length + 3);
        ArmingChecks expected;
        if (which < s_confirmed.Length)
        {
            expected = s_confirmed[which];
            rig.Supervisor.Confirm(expected, false);
        }
        else if (which == s_confirmed.Length)
        {
            expected = ArmingChecks.Sample;
            rig.Tick(sample => sample.Values[1] = float.NaN);
        }
        else if (which == s_confirmed.Length + 1)
        {
            expected = ArmingChecks.Clear;
            rig.Supervisor.EmergencyStop();
        }
        else
        {
            expected = ArmingChecks.Baseline;
            rig.Baseline.Mode = BreakableBaseline.Break.Throws;
            rig.Supervisor.ValidateBaseline();
            rig.Baseline.Mode = BreakableBaseline.Break.None;
        }
        bool refused = !rig.Supervisor.TryArm(out ArmingChecks missing);
        rig.Supervisor.ReleaseEmergencyStop();
        rig.Supervisor.Confirm((ArmingChecks)uint.MaxValue, true);
        if (expected == ArmingChecks.Baseline)
            rig.Supervisor.ValidateBaseline();
        return CaseOutcome.When(refused && missing == expected, $"expected {expected}, got {missing}");
    }

    private static CaseOutcome WrongDevice(CampaignRigs rigs, Choices draw)
    {
        CampaignRig rig = rigs.Checked;
        rig.Supervisor.Confirm((ArmingChecks)uint.MaxValue, true);
        rig.Supervisor.Confirm(ArmingChecks.DeviceIdentity, false);
        rig.Begin(arm: false);
        bool refused = !rig.Supervisor.TryArm(out ArmingChecks missing) && missing == ArmingChecks.DeviceIdentity;
        rig.Supervisor.Confirm(ArmingChecks.DeviceIdentity, true);
        rig.Arm();
        rig.Run(draw.Pick(20));
        rig.Supervisor.Report(SafetyCauses.DeviceMismatch); // it changed in flight: another firmware answers
        rig.ProposeHover();
        SafetyAction action = rig.Tick();
        return CaseOutcome.When(refused && action == SafetyAction.ControlledStop && rig.Supervisor.Latched, $"refused {refused} ({missing}), {action}");
    }
}
