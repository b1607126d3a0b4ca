using Robotics.Configuration;
using Robotics.Core;
using Robotics.Tests.Shared;

namespace Robotics.Safety.Tests;

public sealed class SafetySupervisorTests
{
    [Fact]
    public void Filter_LegalProposal_PassesBitForBit()
    {
        TestRobot robot = new TestRobot().Armed();
        robot.Propose(-0.0f, 12345.678f, 21702f, float.Epsilon);
        robot.Read();

        SafeCommand command = robot.Supervisor.Filter(robot.Proposal, robot.Sample, robot.Clock.NowNs);

        Assert.Equal(SafetyAction.Nominal, command.Action);
        Assert.Equal(0UL, robot.Supervisor.ClampedMask);
        for (int i = 0; i < 4; i++)
            Assert.Equal(BitConverter.SingleToInt32Bits(robot.Proposal.Values[i]), BitConverter.SingleToInt32Bits(command.Values[i]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1e38f)]
    [InlineData(-1e38f)]
    public void Filter_AbsurdProposalInAnyField_GivesBaselineInTheSameTick(float bad)
    {
        for (int field = 0; field < 4; field++)
        {
            TestRobot robot = new TestRobot().Armed();
            robot.ProposeHover();
            robot.Proposal.Values[field] = bad;

            SafeCommand command = robot.Tick();

            Assert.Equal(SafetyAction.Baseline, command.Action);
            Assert.Equal(SafetyCauses.NonFiniteProposal, robot.Supervisor.Causes);
            foreach (float value in command.Values)
                Assert.InRange(value, 0f, 21702f);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(0)]
    public void Filter_WrongLength_GivesBaseline(int length)
    {
        TestRobot robot = new TestRobot().Armed();
        robot.ProposeHover();
        robot.Proposal.Length = length;
        Assert.Equal(SafetyAction.Baseline, robot.Tick().Action);
        Assert.Equal(SafetyCauses.MissingProposal, robot.Supervisor.Causes);
    }

    [Fact]
    public void Filter_OverTheEnvelope_ClampsAndSaysWhich()
    {
        TestRobot robot = new TestRobot().Armed();
        robot.Propose(30_000f, robot.Hover, -5f, robot.Hover);

        SafeCommand command = robot.Tick();

        Assert.Equal(SafetyAction.Clamp, command.Action);
        Assert.Equal(0b101UL, robot.Supervisor.ClampedMask);
        Assert.Equal(21702f, command.Values[0]);
        Assert.Equal(0f, command.Values[2]);
    }

    [Fact]
    public void Filter_StaleGyro_GivesLimpBecauseNoAttitudeControlIsPossible()
    {
        TestRobot robot = new TestRobot().Armed();
        robot.ProposeHover();
        robot.Tick();
        long frozen = robot.Clock.NowNs - 10_000_000;
        int ticks = 0;
        SafeCommand command = default;
        for (; ticks < 20 && command.Action < SafetyAction.Baseline; ticks++)
        {
            robot.Read();
            for (int i = 10; i < 13; i++)
                robot.Sample.TimesNs[i] = frozen;
            command = robot.Supervisor.Filter(robot.Proposal, robot.Sample, robot.Clock.NowNs);
            robot.Fly(command);
        }
        Assert.Equal(6, ticks); // 50 ms limit at 10 ms periods: ages 10..50 pass, 60 trips
        Assert.Equal(SafetyAction.SoftLimp, command.Action);
        Assert.False(robot.Supervisor.PolicyMayAct);
    }

    [Fact]
    public void Filter_StalePosition_LevelsAndSinks()
    {
        TestRobot robot = new TestRobot().Armed();
        robot.ProposeHover();
        long frozen = robot.Clock.NowNs;
        for (int k = 0; k < 200; k++)
        {
            robot.Read();
            for (int i = 0; i < 3; i++)
                robot.Sample.TimesNs[i] = frozen;
            robot.Fly(robot.Supervisor.Filter(robot.Proposal, robot.Sample, robot.Clock.NowNs));
        }
        Assert.Equal(SafetyAction.Baseline, robot.Supervisor.Action);
        Assert.InRange(robot.Vehicle.LinearVelocity.Z, -0.8, -0.2);
    }

    [Fact]
    public void Filter_Disarmed_CutsPower()
    {
        var robot = new TestRobot();
        robot.ProposeHover();
        SafeCommand command = robot.Tick();
        Assert.Equal(SafetyAction.PowerCut, command.Action);
        Assert.True(command.Values.IndexOfAnyExcept(0f) < 0);
    }

    [Fact]
    public void EmergencyStop_Released_NeverMovesWithoutDisarmAndArm()
    {
        TestRobot robot = new TestRobot().Armed();
        robot.ProposeHover();
        robot.Tick();
        robot.Supervisor.EmergencyStop();
        Assert.Equal(SafetyAction.PowerCut, robot.Tick().Action);
        Assert.True(robot.Supervisor.Latched);
        robot.Supervisor.ReleaseEmergencyStop();
        Assert.Equal(SafetyAction.PowerCut, robot.Tick().Action);
        Assert.False(robot.Supervisor.TryArm(out ArmingChecks missing));
        Assert.Equal(ArmingChecks.Clear, missing);
        robot.Supervisor.Disarm();
        Assert.Equal(SafetyAction.PowerCut, robot.Tick().Action);
        robot.Vehicle = robot.Vehicle with { LinearVelocity = default };
        robot.Read();
        robot.Supervisor.Inspect(robot.Sample, robot.Clock.NowNs);
        Assert.True(robot.Supervisor.TryArm(out _));
        Assert.Equal(SafetyAction.Nominal, robot.Tick().Action);
    }

    [Fact]
    public void Filter_OutwardFlight_BrakesBeforeTheCage()
    {
        TestRobot robot = new TestRobot().Armed();
        double farthest = 0;
        for (int k = 0; k < 1500; k++)
        {
            // Pitches forward at full thrust whenever it has authority: a race for the fence.
            bool tilted = robot.Vehicle.Orientation.Y > 0.2;
            float more = tilted ? 0f : 400f;
            robot.Propose(robot.Hover - more, robot.Hover + more, robot.Hover + more, robot.Hover - more);
            robot.Tick();
            farthest = Math.Max(farthest, Math.Abs(robot.Vehicle.Position.X));
        }
        Assert.True(robot.Supervisor.Counters.Interventions > 0);
        Assert.InRange(farthest, 0.3, 3.0);
    }

    [Fact]
    public void OnEpisodeReset_AfterTrip_GivesThePolicyBack()
    {
        TestRobot robot = new TestRobot().Armed();
        robot.Propose(float.NaN, 0, 0, 0);
        robot.Tick();
        robot.ProposeHover();
        Assert.Equal(SafetyAction.Baseline, robot.Tick().Action);
        robot.Supervisor.OnEpisodeReset();
        Assert.Equal(SafetyAction.Nominal, robot.Tick().Action);
    }

    [Fact]
    public void Filter_PolicyKeepsFailing_LatchesAfterThreeReturnsUntilTheEpisodeEnds()
    {
        TestRobot robot = new TestRobot().Armed();
        int returns = 0;
        for (int k = 0; k < 2000; k++)
        {
            bool wasOut = robot.Supervisor.Action >= SafetyAction.Baseline;
            robot.ProposeHover();
            if (k % 150 == 0)
                robot.Proposal.Values[0] = float.NaN;
            robot.Tick();
            returns += wasOut && robot.Supervisor.Action < SafetyAction.Baseline ? 1 : 0;
        }
        Assert.Equal(3, returns);
        Assert.Equal(SafetyAction.Baseline, robot.Supervisor.Action);
    }

    [Fact]
    public void Filter_EveryPath_AllocatesNothing()
    {
        TestRobot robot = new TestRobot().Armed();
        int k = 0;
        AllocationGuard.AssertNone(() =>
        {
            robot.Propose4(k % 7 == 0 ? float.NaN : robot.Hover);
            robot.Read();
            if (k % 11 == 0)
                robot.Sample.Values[0] = float.NaN;
            robot.Supervisor.Filter(robot.Proposal, robot.Sample, robot.Clock.NowNs);
            robot.Clock.Advance(10_000_000);
            if (++k % 50 == 0)
                robot.Supervisor.OnEpisodeReset();
        });
    }

    [Fact]
    public void Read_RealRobotWithSimulatorsFreedom_IsRefusedWithEveryReason()
    {
        string yaml = TestRobot.Yaml
            .Replace("kind: simulated", "kind: serial", StringComparison.Ordinal)
            .Replace("max_tilt_rad: 1.0", "max_tilt_rad: 3.1416", StringComparison.Ordinal)
            .Replace("position_ms: 100, ", "", StringComparison.Ordinal);
        string message = Assert.Throws<ConfigurationException>(() => new TestRobot(yaml)).Message;
        Assert.Contains("only a simulated driver may exceed", message, StringComparison.Ordinal);
        Assert.Contains("no maximum age for position.x, position.y, position.z", message, StringComparison.Ordinal);
        Assert.Contains("only a simulated robot may be armed without a person", message, StringComparison.Ordinal);
        Assert.Contains("device_timeout or limp_process", message, StringComparison.Ordinal);
    }
}

internal static class ProposalOf
{
    public static void Propose4(this TestRobot robot, float first)
    {
        robot.Proposal.Values[0] = first;
        robot.Proposal.Values[1] = robot.Proposal.Values[2] = robot.Proposal.Values[3] = robot.Hover;
        robot.Proposal.Length = 4;
        robot.Proposal.Source = ActionSource.Policy;
    }
}
