using System.Globalization;
using Robotics.Configuration;
using Robotics.Core;
using Robotics.Tests.Shared;

namespace Robotics.Tasks.Tests;

public sealed class RobotTaskTests
{
    private static readonly RobotTask s_hover = Quad.Load("hover.yaml");

    [Fact]
    public void Hover_HasThePublishedShape()
    {
        Assert.Equal(18, s_hover.FrameLength);
        Assert.Equal(146, s_hover.ObservationLength);
        Assert.Equal(28, s_hover.PrivilegedLength);
        Assert.Equal(500, s_hover.MaxEpisodeSteps);
        Assert.Equal(22, Quad.Load("raptor-hover.yaml").ObservationLength);
    }

    // Rewards and terminations of the published implementation, step by step.
    [Fact]
    public void Reward_OnTheReferenceTrajectory_EqualsThePublishedOne()
    {
        string path = SharedData.Require("quadrotor/ltf_crazyflie_double.csv");
        var privileged = new float[s_hover.PrivilegedLength];
        double[][] rows = [.. File.ReadLines(path).Skip(1).Select(l => l.Split(',').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray())];
        int compared = 0;
        for (int i = 0; i + 1 < rows.Length; i++)
        {
            double[] row = rows[i];
            Assert.True(s_hover.ObservePrivileged(Quad.Sample(row[5..22]), privileged));
            float[] action = [.. row[1..5].Select(a => (float)a)];
            bool terminated = row[23] != 0;
            float reward = s_hover.Reward.Of(privileged, action, terminated ? EpisodeOutcome.Failure : EpisodeOutcome.Running, s_hover.Reward.CurriculumAt(0));
            Assert.Equal(row[22], reward, 2e-5 * Math.Max(1, Math.Abs(row[22])));
            Assert.Equal(terminated, s_hover.Judge(Quad.Sample(rows[i + 1][5..22])) == EpisodeOutcome.Failure);
            compared++;
        }
        Assert.True(compared > 90);
    }

    [Fact]
    public void CurriculumAt_GrowsTwiceWithCaps()
    {
        float[] at(long step) => [.. s_hover.Reward.CurriculumAt(step).Values];
        Assert.Equal([5f, 5f, 0.01f, 0.01f], at(99_999));
        Assert.Equal([6f, 5f, 0.014f, 0.014f], at(100_000), (a, b) => MathF.Abs(a - b) < 1e-6f);
        Assert.Equal([7.2f, 5f, 0.0196f, 0.0196f], at(200_000), (a, b) => MathF.Abs(a - b) < 1e-6f);
        Assert.Equal(at(200_000), at(300_000));
        Assert.Equal([40f, 5f, 1f, 1f], [.. s_hover.Reward.EvaluationWeights.Values]);
    }

    [Fact]
    public void SampleReset_ManyDraws_FollowTheRecipe()
    {
        var random = new SeededRandom(1, "reset");
        var state = new float[Quad.State.Count];
        int guided = 0;
        double maxAngle = 0, maxSpeed = 0;
        for (int i = 0; i < 20_000; i++)
        {
            s_hover.SampleReset(random, state);
            if (state[0] == 0 && state[3] == 1)
                guided++;
            Assert.InRange(state[0], -0.2f, 0.2f);
            maxAngle = Math.Max(maxAngle, 2 * Math.Acos(Math.Min(1, state[3])));
            maxSpeed = Math.Max(maxSpeed, Math.Abs(state[7]));
            Assert.Equal(10851, state[13]);
            Assert.True(float.IsNaN(state[17]));
        }
        Assert.InRange(guided, 1850, 2150);
        Assert.InRange(maxAngle, 1.5, 1.5701);
        Assert.InRange(maxSpeed, 0.99, 1);
    }

    [Fact]
    public void BuildObservation_AfterPushes_HoldsTheOldestActionFirst()
    {
        var history = new ActionHistory(s_hover);
        for (int i = 1; i <= 33; i++)
            history.Push([i, i, i, i]);
        var observation = new float[s_hover.ObservationLength];
        s_hover.BuildObservation(new float[18], history, observation);
        Assert.Equal(2, observation[18]);
        Assert.Equal(33, observation[^1]);
        history.Reset();
        s_hover.BuildObservation(new float[18], history, observation);
        Assert.All(observation, v => Assert.Equal(0, v));
    }

    [Fact]
    public void ObserveFrame_NonFiniteChannel_SaysSo()
    {
        SensorSample sample = Quad.Sample(0, 0, 0, 1);
        var frame = new float[18];
        Assert.True(s_hover.ObserveFrame(sample, null, frame));
        Assert.Equal([1f, 0, 0, 0, 1, 0, 0, 0, 1], frame[3..12]);
        sample.Values[8] = float.NaN;
        Assert.False(s_hover.ObserveFrame(sample, null, frame));
    }

    [Fact]
    public void Action_RoundTrip_IsTheSame()
    {
        var command = new float[4];
        var back = new float[4];
        s_hover.Action.ToCommand([-1, 0, 0.334f, 1], command);
        Assert.Equal([0, 10851], command[..2]);
        Assert.Equal(14475.2f, command[2], 0.1f);
        s_hover.Action.ToAction(command, back);
        Assert.Equal(0.334f, back[2], 1e-6f);
        s_hover.Action.ToCommand([5, -5, float.NaN, 0], command);
        Assert.Equal(21702, command[0]);
        Assert.True(float.IsNaN(command[2]));
    }

    [Fact]
    public void RestAction_OfRaptor_IsTheHoverAction() =>
        Assert.Equal(0.33405f, Quad.Load("raptor-hover.yaml").Action.Initial[0], 1e-4f);

    // What an observation inside a step holds is what the history gives once that step is over.
    [Fact]
    public void History_WithANewestAction_IsAsIfItHadBeenPushed()
    {
        var history = new ActionHistory(s_hover);
        float[] inside = new float[32 * 4], pushed = new float[32 * 4];
        for (int step = 1; step <= 70; step++)
        {
            float[] newest = [step, -step, step * 0.5f, 1];
            history.CopyTo(inside, newest);
            history.Push(newest);
            history.CopyTo(pushed);
            Assert.Equal(pushed, inside);
        }
    }

    [Fact]
    public void HotPath_AllocatesNothing()
    {
        var history = new ActionHistory(s_hover);
        var random = new SeededRandom(1);
        SensorSample sample = Quad.Sample(0.1, 0, 0, 1);
        float[] frame = new float[18], privileged = new float[28], observation = new float[146], state = new float[Quad.State.Count];
        AllocationGuard.AssertNone(() =>
        {
            s_hover.ObserveFrame(sample, random, frame);
            s_hover.ObservePrivileged(sample, privileged);
            history.Push(frame);
            s_hover.BuildObservation(frame, history, observation);
            s_hover.Judge(sample);
            s_hover.Reward.Of(privileged, frame, EpisodeOutcome.Running, s_hover.Reward.CurriculumAt(1));
            s_hover.SampleReset(random, state);
        });
    }

    [Fact]
    public void Read_PolicyThatSeesPrivileged_IsRefusedWithTheLine()
    {
        string text = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "tasks", "hover.yaml"))
            .Replace("- { quantity: position, noise_std: 0.001 }", "- { quantity: rotor_speed }", StringComparison.Ordinal)
            .Replace("quantity: position, max_abs", "quantity: altitude, max_abs", StringComparison.Ordinal);
        ConfigDocument document = ConfigDocument.Parse(text, "hover.yaml");
        RobotTask.Read(document, Quad.State, Quad.Command);
        string message = Assert.Throws<ConfigurationException>(document.ThrowIfBad).Message;
        Assert.Contains("hover.yaml:7", message, StringComparison.Ordinal);
        Assert.Contains("privileged: for critics only", message, StringComparison.Ordinal);
        Assert.Contains("'altitude' is not one of", message, StringComparison.Ordinal);
    }

    [Fact]
    public void SchemaHash_OtherScale_Differs()
    {
        string text = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "tasks", "hover.yaml"));
        ulong other = RobotTask.Read(
            ConfigDocument.Parse(text.Replace("quantity: linear_velocity, noise", "quantity: linear_velocity, scale: 2, noise", StringComparison.Ordinal)),
            Quad.State, Quad.Command).SchemaHash;
        Assert.NotEqual(s_hover.SchemaHash, other);
        Assert.Equal(s_hover.SchemaHash, Quad.Load("hover.yaml").SchemaHash);
    }

    // A policy learnt for 3 rad/s that is installed where an action of 1 means 6 fits in every shape and flies twice as hard.
    [Theory]
    [InlineData("[-3, -3, -2, 0.2]", "[-2.5, -3, -2, 0.2]")]
    [InlineData("[3, 3, 2, 0.92]", "[3, 3, 2, 0.9]")]
    public void SchemaHash_OtherActionRange_Differs(string range, string other)
    {
        string text = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "tasks", "hover-rates.yaml"));
        Assert.Contains(range, text, StringComparison.Ordinal);
        var wide = new ChannelLayout(Enumerable.Range(0, 4).Select(i => new Channel($"command.{i}", "1", -10, 10)));
        ulong HashOf(string task) => RobotTask.Read(ConfigDocument.Parse(task), Quad.State, wide).SchemaHash;
        Assert.Equal(HashOf(text), HashOf(text));
        Assert.NotEqual(HashOf(text), HashOf(text.Replace(range, other, StringComparison.Ordinal)));
    }
}
