using Robotics.Core;
using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Emulators;
using Robotics.Drivers.Serial.Mavlink;

namespace Robotics.Serial.Tests;

/// <summary>What happens to the vehicle when one of us dies in flight (R15, R35), against the figures measured on the real firmwares.</summary>
public sealed class MavlinkReactionTests
{
    // Measured from the last set-point at 2 m/s on the real firmwares: time until 0.25 m/s of the speed is gone.
    [Theory]
    [InlineData(AutopilotKind.Px4, 1.0, 1.65)]
    [InlineData(AutopilotKind.Px4, 0.3, 0.92)]
    [InlineData(AutopilotKind.ArduPilot, 3.0, 3.42)]
    public void ControlProcessKilled_FirmwareBrakesWhenItWasMeasuredTo(AutopilotKind flavour, double timeout, double measured)
    {
        using var rig = new VehicleRig(flavour, VehicleSetpoint.Velocity, timeout);
        rig.TakeOff();
        rig.Run(4, SafetyAction.Nominal, 2, 0, 0, 0);
        double speed = rig.Autopilot.Velocity.X;
        Assert.InRange(speed, 1.9, 2.1);
        double seconds = SecondsUntil(rig, () => rig.Autopilot.Velocity.X < speed - 0.25);
        TestContext.Current.TestOutputHelper?.WriteLine($"{flavour} timeout {timeout} s: {seconds:F2} s, measured on the firmware {measured:F2} s");
        Assert.InRange(seconds, measured * 0.85, measured * 1.15);
    }

    [Fact]
    public void ControlProcessKilled_ArduPilotStandsStillWhenItWasMeasuredTo()
    {
        using var rig = new VehicleRig(AutopilotKind.ArduPilot, VehicleSetpoint.Velocity, timeoutS: 3.0);
        rig.TakeOff();
        rig.Run(4, SafetyAction.Nominal, 2, 0, 0, 0);
        Assert.InRange(SecondsUntil(rig, () => rig.Autopilot.Velocity.X < 0.1), 4.84 * 0.85, 4.84 * 1.15);
        Assert.Equal(EmulatedMode.External, rig.Autopilot.Mode); // GUIDED stays
        rig.Run(1);
        Assert.InRange(rig.Autopilot.Velocity.X, -0.15, 0.15);
    }

    [Fact]
    public void CablePulled_DriverFaultsAtOnceAndNeedsANewArmingAfterwards()
    {
        using var rig = new VehicleRig(AutopilotKind.Px4, VehicleSetpoint.Velocity, timeoutS: 0.3);
        rig.TakeOff();
        rig.Run(3, SafetyAction.Nominal, 2, 0, 0, 0);
        rig.Faults.Faults = new StreamFaults { Unplugged = true };
        Assert.Equal(WriteStatus.Faulted, rig.Tick(SafetyAction.Nominal, 2, 0, 0, 0));
        Assert.Equal(ReadStatus.Faulted, rig.Sample.Status);
        rig.Run(4, SafetyAction.Nominal, 2, 0, 0, 0);
        Assert.Equal(EmulatedMode.Hold, rig.Autopilot.Mode);
        rig.Faults.Faults = new StreamFaults();
        rig.Run(8, SafetyAction.Nominal, 2, 0, 0, 0);
        Assert.Equal(VehicleStage.Ready, rig.Driver.Stage); // identified and read back anew
        Assert.Equal(EmulatedMode.Hold, rig.Autopilot.Mode); // but nothing moves: no fresh arming
        rig.Run(0.1, SafetyAction.PowerCut);
        Assert.True(rig.RunUntil(() => rig.Driver.Engagement == EngagementStage.Active, 10, SafetyAction.Nominal, 0, 0, 0, 0));
    }

    [Fact]
    public void DeviceRestartsInFlight_IsNoticedAndEverythingIsAskedAgain()
    {
        using var rig = new VehicleRig(AutopilotKind.Px4, VehicleSetpoint.Velocity, timeoutS: 0.3);
        rig.TakeOff();
        rig.Autopilot.Restart();
        Assert.True(rig.RunUntil(() => rig.Driver.Vehicle.Restarts == 1, 2, SafetyAction.Nominal, 0, 0, 0, 0));
        rig.Run(1.5, SafetyAction.Nominal, 0, 0, 0, 0);
        Assert.False(rig.Autopilot.Armed);
        Assert.Equal(EngagementStage.Idle, rig.Driver.Engagement);
        rig.Run(10, SafetyAction.Nominal, 0, 0, 0, 0);
        Assert.Equal(VehicleStage.Ready, rig.Driver.Stage);
        Assert.False(rig.Autopilot.Armed);
    }

    private static double SecondsUntil(VehicleRig rig, Func<bool> condition)
    {
        long start = rig.Autopilot.TimeNs;
        while (!condition() && rig.Autopilot.TimeNs - start < 10_000_000_000)
            rig.Tick();
        return (rig.Autopilot.TimeNs - start) / 1e9;
    }
}
