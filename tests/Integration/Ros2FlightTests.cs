using Robotics.Cli.Bench;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Drivers.Ros2.Dds;
using Robotics.Drivers.Ros2.Messages.RclInterfaces;
using Robotics.Drivers.Ros2.Messages.StdSrvs;
using Robotics.Policies;
using Robotics.Runtime.Composition;
using Robotics.Tests.Shared;

namespace Robotics.Integration.Tests;

/// <summary>A robot on ROS 2 as its users meet it: robot, control and agent are processes, and a person calls services and watches topics.</summary>
public sealed class Ros2FlightTests
{
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(60); // with other programs on the machine
    private static readonly int s_domain = 100 + ((Environment.ProcessId + 7) % 120);

    [Fact]
    public async Task Flight_RobotAndAgentKilled_StopsOnStaleSamplesAndRearmsCleanly()
    {
        Assert.SkipUnless(DdsLibrary.IsAvailable(out string reason), reason);
        using var folder = new TemporaryFolder();
        PolicyIdentity policy = StoreHoverPolicies(folder["bundles"]);
        using var flight = new Ros2Flight(folder.Path, s_domain);
        flight.StartRobot();
        flight.StartAgent();
        flight.StartControl(double.PositiveInfinity);
        await flight.ArmAsync(s_deadline);
        await flight.AwaitAsync(() => flight.IsArmed && flight.Source == nameof(ActionSource.Policy), "the policy flies", s_deadline);

        await ConfigurationIsShownAsync(flight);
        await PoliciesArePinnedAndRolledBackAsync(flight, policy);
        flight.KillAgent();
        await StopActsWithoutTheAgentAsync(flight);

        flight.KillRobot();
        await flight.AwaitAsync(
            () => flight.Action.Contains(nameof(SafetyCauses.StaleSample), StringComparison.Ordinal) && flight.Source != nameof(ActionSource.Policy),
            "the reaction to silence (R1)", s_deadline);
        Assert.True((await flight.CallAsync("disarm")).Success);
        await flight.AwaitAsync(() => !flight.IsArmed, "disarmed", s_deadline);
        TriggerResponse refused = await flight.CallAsync("arm");
        Assert.False(refused.Success);
        Assert.Contains(nameof(Safety.ArmingChecks.Sample), refused.Message, StringComparison.Ordinal);

        flight.StartRobot();
        await flight.ArmAsync(s_deadline); // a person's explicit act, granted once the samples are back and the robot is identified again
        await flight.AwaitAsync(() => flight.IsArmed && flight.Source == nameof(ActionSource.Policy), "the policy flies again", s_deadline);
    }

    private static async Task StopActsWithoutTheAgentAsync(Ros2Flight flight)
    {
        Assert.True((await flight.CallAsync("emergency_stop")).Success);
        await flight.AwaitAsync(() => flight.IsLatched && flight.Action.Contains(nameof(SafetyCauses.EmergencyStop), StringComparison.Ordinal), "the stop is latched", s_deadline);
        Assert.False((await flight.CallAsync("arm")).Success);
        Assert.True((await flight.CallAsync("acknowledge")).Success);
        await flight.AwaitAsync(() => !flight.IsLatched && !flight.IsArmed, "acknowledged, and still disarmed", s_deadline);
        await flight.ArmAsync(s_deadline);
        await flight.AwaitAsync(() => flight.Source == nameof(ActionSource.Policy), "the policy flies without an agent", s_deadline);
    }

    // As `ros2 param get|set` do it.
    private static async Task ConfigurationIsShownAsync(Ros2Flight flight)
    {
        using var get = flight.Operator.CreateClient<GetParametersRequest, GetParametersResponse>("/quad/robotics/get_parameters");
        using var set = flight.Operator.CreateClient<SetParametersRequest, SetParametersResponse>("/quad/robotics/set_parameters");
        GetParametersResponse values = await get.CallAsync(new() { Names = ["robot.robot", "robot.safety.max_tilt_rad", "run.seed", "task.termination.0.max_abs"] }, s_deadline);
        Assert.Equal(["sim-quad-ros2", 1.0, 0L, 0.6], values.Values.Select(ParameterValues.FromRos));
        SetParametersResponse answers = await set.CallAsync(
            new()
            {
                Parameters =
                [
                    new() { Name = "diagnostics_period_s", Value = ParameterValues.ToRos(0.5) },
                    new() { Name = "robot.safety.max_tilt_rad", Value = ParameterValues.ToRos(3.0) },
                ],
            },
            s_deadline);
        Assert.Equal([true, false], answers.Results.Select(r => r.Successful));
        Assert.Contains("read-only", answers.Results[1].Reason, StringComparison.Ordinal);
    }

    private static async Task PoliciesArePinnedAndRolledBackAsync(Ros2Flight flight, PolicyIdentity newest)
    {
        const string agent = "/quad/robotics_agent";
        TriggerResponse pinned = await flight.CallAsync("pin_policy", agent);
        Assert.Equal((true, $"pinned {newest}"), (pinned.Success, pinned.Message));
        Assert.True((await flight.CallAsync("unpin_policy", agent)).Success);
        TriggerResponse back = await flight.CallAsync("rollback_policy", agent);
        Assert.True(back.Success, back.Message);
        Assert.DoesNotContain(newest.ToString(), back.Message, StringComparison.Ordinal);
    }

    // Two policies that always give the hovering action: from rest a simulated quadrotor stays where it is.
    private static PolicyIdentity StoreHoverPolicies(string folder)
    {
        RunDescription run = RunDescription.Load(Path.Combine(SharedData.RepositoryRoot, "runs", "hover-ros2.yaml"));
        using RobotRig robot = RobotRig.Load(run, new ManualClock(1), attach: false);
        var store = new PolicyStore(folder);
        NetworkSpec network = NetworkSpec.Mlp([robot.Task.ObservationLength, robot.Task.ActionLength], Activation.Identity, Activation.Identity);
        var parameters = new float[network.ParameterCount];
        parameters.AsSpan(^robot.Task.ActionLength..).Fill(0.334f); // reward's target in tasks/hover.yaml: the hovering action of this airframe
        for (uint counter = 1; counter <= 2; counter++)
        {
            var manifest = new PolicyManifest
            {
                Name = "constant hover",
                Identity = new PolicyIdentity(1, 1, counter, 0),
                SchemaHash = robot.Task.SchemaHash,
                PolicyRateHz = robot.Task.PolicyRateHz,
                Network = network,
            };
            Assert.True(PolicyBundle.TryRead(PolicyBundleWriter.Write(manifest, parameters), out PolicyBundle? bundle, out BundleRefusal refusal), refusal.ToString());
            Assert.True(store.TryInstall(bundle!, out refusal), refusal.ToString());
        }
        return store.Installed;
    }
}
