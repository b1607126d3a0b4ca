using Robotics.Configuration;
using Robotics.Core;
using Robotics.Models;

namespace Robotics.Safety.Tests;

public sealed class RecoveryTests
{
    public static TheoryData<string> Quadrotors() => HardwareFiles.Quadrotors();

    // The supervisor of every airframe in hardware/ builds without a problem, validates its baseline, and arms once a policy is confirmed.
    [Theory]
    [MemberData(nameof(Quadrotors))]
    public void Read_HardwareFile_GivesASupervisorThatArms(string robot)
    {
        ConfigDocument document = HardwareFiles.Load(robot);
        QuadrotorParameters parameters = QuadrotorParameters.Read(document.Root.Map("airframe"));
        ChannelLayout state = TestRobot.Layout();
        var supervisor = SafetySupervisor.Read(document.Root, state, HardwareFiles.Commands(parameters), 0.01);
        Assert.Empty(document.Problems);
        var sample = new SensorSample(state);
        sample.Values.Clear();
        sample.Values[3] = 1;
        sample.Stamp(5);
        sample.Status = ReadStatus.Ok;
        supervisor.Inspect(sample, 5);
        Assert.False(supervisor.TryArm(out ArmingChecks missing));
        Assert.Equal(ArmingChecks.Policy, missing);
        supervisor.Confirm(ArmingChecks.Policy, true);
        Assert.True(supervisor.TryArm(out _));
    }

    // From states drawn over the whole declared recoverable set (and its corners) the baseline comes to rest in the declared time and distance.
    [Theory]
    [MemberData(nameof(Quadrotors))]
    public void Compute_FromAnywhereInTheRecoverableSet_ComesToRest(string robot)
    {
        ConfigDocument document = HardwareFiles.Load(robot);
        QuadrotorParameters parameters = QuadrotorParameters.Read(document.Root.Map("airframe"));
        var settings = QuadrotorBaselineSettings.Read(document.Root.Map("baseline"));
        var trial = new RecoveryTrial(parameters, settings, 1 / document.Root.Number("control_rate_hz"));
        var random = new SeededRandom(7, robot);
        for (int run = 0; run < 100; run++)
        {
            Recovery recovery = trial.Run(random, corner: run % 2 == 0);
            Assert.True(
                recovery.SettledAfterS <= settings.Recoverable.Settle && recovery.DriftM <= settings.Recoverable.Drift,
                $"run {run} of seed 7: settled after {recovery.SettledAfterS:F2} s, drifted {recovery.DriftM:F2} m");
        }
    }
}
