using Robotics.Core;
using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Conformance;
using Robotics.Drivers.Serial.Emulators;
using Robotics.Drivers.Serial.Mavlink;

namespace Robotics.Serial.Tests;

public sealed class VehicleSuiteTests
{
    [Theory]
    [InlineData(AutopilotKind.Px4)]
    [InlineData(AutopilotKind.ArduPilot)]
    public void Suite_OnTheEmulator_PassesEveryStep(AutopilotKind flavour)
    {
        IReadOnlyList<VehicleSuiteStep> steps = Fly(flavour, _ => { });
        foreach (VehicleSuiteStep s in steps)
            TestContext.Current.TestOutputHelper?.WriteLine($"{s.Name,-24} {(s.Passed ? "ok  " : "FAIL")} {s.Measured,8} of {s.Limit} {s.Unit}  {s.Note}");
        Assert.DoesNotContain(steps, s => !s.Passed);
        Assert.Equal(13, steps.Count);
    }

    [Fact]
    public void Suite_FirmwareKeepsItsOldTimeout_FailsBeforeArming()
    {
        IReadOnlyList<VehicleSuiteStep> steps = Fly(AutopilotKind.Px4, e => e.FrozenParameter = "COM_OF_LOSS_T");
        Assert.False(steps.Single(s => s.Name == "set and read back").Passed);
        Assert.DoesNotContain(steps, s => s.Name == "arm and take off");
    }

    // Stale numbers look like a vehicle that stands still: without this a dead link passed "hold", "starvation" and "land".
    [Fact]
    public void Suite_VehicleFallsSilentInFlight_FailsThatStepAndTheLandingAndTriesNoOther()
    {
        IReadOnlyList<VehicleSuiteStep> steps = Fly(AutopilotKind.ArduPilot, _ => { }, silentAfterS: 40);
        VehicleSuiteStep last = steps[^1];
        Assert.Equal("land and disarm", last.Name);
        Assert.False(last.Passed);
        Assert.Contains("nothing arrives", steps[^2].Note, StringComparison.Ordinal);
        Assert.Equal(2, steps.Count(s => !s.Passed));
        Assert.InRange(steps.Count, 5, 12);
    }

    [Fact]
    public void Suite_OtherAutopilot_FailsToIdentify()
    {
        IReadOnlyList<VehicleSuiteStep> steps = Fly(AutopilotKind.Px4, _ => { }, AutopilotKind.ArduPilot);
        Assert.False(steps[0].Passed);
    }

    private static IReadOnlyList<VehicleSuiteStep> Fly(AutopilotKind flavour, Action<EmulatedAutopilot> fault, AutopilotKind? expected = null, double silentAfterS = double.PositiveInfinity)
    {
        var clock = new ManualClock(1_000_000_000);
        var pair = new MemoryStreamPair();
        var autopilot = new EmulatedAutopilot(flavour, VehicleRig.Airframe(), pair.Device);
        fault(autopilot);
        var options = new VehicleSuiteOptions { Autopilot = expected ?? flavour, HoverThrust = autopilot.HoverThrust };
        return new VehicleSuite(pair.Host, clock, options, () =>
        {
            clock.Advance(10_000_000);
            if (autopilot.TimeNs < silentAfterS * 1e9)
                autopilot.AdvanceTo(autopilot.TimeNs + 10_000_000);
        }).Run();
    }
}
