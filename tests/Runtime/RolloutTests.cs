using System.Globalization;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Tests.Shared;

namespace Robotics.Runtime.Tests;

public sealed class RolloutTests
{
    // The start of the published closed-loop trajectories.
    private const string Start = "p=0.3,-0.2,0.15;q=0.963068008,0.2,-0.1,0.15;v=0.3,-0.2,0;w=0,0,0.5;rpm=hover";

    private static Rollout Load(string airframe) =>
        Rollout.Load(
            Path.Combine(SharedData.RepositoryRoot, "hardware", $"sim-quad-{airframe}", "robot.yaml"),
            Path.Combine(SharedData.RepositoryRoot, "tasks", "raptor-hover.yaml"),
            File.ReadAllBytes(SharedData.Require("raptor/policy.tar")),
            "policy.tar");

    // Trajectories flown by the published policy in the published simulator (float32).
    [Theory]
    [InlineData("crazyflie")]
    [InlineData("flightmare")]
    public void Run_PublishedPolicy_StaysWithin1e4OfThePublishedTrajectory(string airframe)
    {
        string[] expected = File.ReadAllLines(SharedData.Require($"quadrotor/raptor_closed_loop_{airframe}.csv"));
        using Rollout rollout = Load(airframe);
        using var csv = new StringWriter();
        RolloutResult result = rollout.Run(Start, expected.Length - 1, csv);
        string[] actual = csv.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected[0], actual[0]);
        Assert.Equal(expected.Length, actual.Length);
        for (int row = 1; row < expected.Length; row++)
        {
            float[] e = Numbers(expected[row]), a = Numbers(actual[row]);
            double distance = Math.Sqrt(Enumerable.Range(1, 3).Sum(i => Math.Pow(e[i] - a[i], 2)));
            Assert.InRange(distance, 0, 1e-4);
            Assert.Equal(e[18], a[18], 1e-2f);
        }
        Assert.Equal(0, result.Interventions);
    }

    // Final distances as published for the nine airframes, m.
    [Theory]
    [InlineData("crazyflie", 0.053)]
    [InlineData("x500-real", 0.022)]
    [InlineData("x500-sim", 0.024)]
    [InlineData("mrs", 0.022)]
    [InlineData("race", 0.079)]
    [InlineData("flightmare", 0.115)]
    [InlineData("fs", 0.021)]
    [InlineData("soft-rigid", 0.025)]
    [InlineData("soft", 0.021)]
    public void Run_PublishedPolicyOnNineAirframes_EndsAtThePublishedDistance(string airframe, double finalM)
    {
        using Rollout rollout = Load(airframe);
        RolloutResult result = rollout.Run(Start, 501);
        Assert.Equal(finalM, result.FinalDistanceM, 0.00075);
        Assert.Equal(0, result.Interventions);
    }

    [Fact]
    public void Run_Twice_GivesTheSameTrajectory()
    {
        using Rollout rollout = Load("race");
        using StringWriter first = new(), second = new();
        rollout.Run(Start, 50, first);
        rollout.Run(Start, 50, second);
        Assert.Equal(first.ToString(), second.ToString());
    }

    [Theory]
    [InlineData("p=1,2", "'p=1,2': expected 3 finite numbers")]
    [InlineData("x=1", "'x=1': expected key=value")]
    [InlineData("v=0,nan,0", "expected 3 finite numbers")]
    [InlineData("rpm", "expected key=value")]
    public void Run_BadStart_SaysWhatIsExpected(string start, string message)
    {
        using Rollout rollout = Load("crazyflie");
        Assert.Contains(message, Assert.Throws<ConfigurationException>(() => rollout.Run(start, 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TaskOfOtherShape_IsADiagnosis()
    {
        byte[] policy = File.ReadAllBytes(SharedData.Require("raptor/policy.tar"));
        string root = SharedData.RepositoryRoot;
        string message = Assert.Throws<ConfigurationException>(
            () => Rollout.Load(Path.Combine(root, "hardware/sim-quad-mrs/robot.yaml"), Path.Combine(root, "tasks/hover.yaml"), policy, "policy.tar")).Message;
        Assert.Contains("takes 22 observed values and gives 4 actions; the task 'hover' has 146 and 4", message, StringComparison.Ordinal);
    }

    private static float[] Numbers(string line) => [.. line.Split(',').Select(t => float.Parse(t, CultureInfo.InvariantCulture))];
}
