using Robotics.Core;
using Robotics.Models;
using Robotics.Tests.Shared;

namespace Robotics.Tasks.Tests;

public sealed class BatchedEnvironmentTests
{
    private static BatchedEnvironment Environment(int vehicles = 64, ulong seed = 9, int registerBits = 0) =>
        new(BatchedQuad.Task(), BatchedQuad.Airframe, BatchedQuad.Settings, vehicles, seed, registerBits);

    // One vehicle followed through the single model and the single task, action by action, until its episode ends.
    [Theory]
    [InlineData(512)]
    [InlineData(256)]
    [InlineData(128)]
    public void Step_EveryVehicle_FollowsTheSingleModelAndTask(int registerBits)
    {
        BatchedEnvironment environment = Environment(registerBits: registerBits);
        RobotTask task = environment.Task;
        var model = new QuadrotorModel<double>(BatchedQuad.Airframe);
        var random = new SeededRandom(3, "actions");
        QuadrotorState<double>[] states = [.. Enumerable.Range(0, 64).Select(i => Unpack(environment, i))];
        float[] privileged = new float[28], action = new float[4], command = new float[4];
        var sample = new SensorSample(task.StateChannels);
        bool[] over = new bool[64];
        for (int step = 0; step < 40; step++)
        {
            for (int i = 0; i < 64; i++)
                for (int k = 0; k < 4; k++)
                    environment.Actions.Of(i, k) = (float)random.NextUniform(0.1, 0.6);
            environment.Step();
            for (int i = 0; i < 64; i++)
            {
                if (over[i])
                    continue;
                for (int k = 0; k < 4; k++)
                    action[k] = environment.Actions.Of(i, k);
                QuadrotorChannels.Pack(states[i], sample.Values);
                task.ObservePrivileged(sample, privileged);
                task.Action.ToCommand(action, command);
                model.Step(ref states[i], [.. command.Select(c => (double)c)], 0.01);
                QuadrotorChannels.Pack(states[i], sample.Values);
                bool failed = task.Judge(sample) == EpisodeOutcome.Failure;
                float expected = task.Reward.Of(privileged, action, failed ? EpisodeOutcome.Failure : EpisodeOutcome.Running, environment.Weights);
                Assert.Equal(expected, environment.Rewards.Of(i, 0), 1e-3f);
                Assert.Equal(failed, (environment.Failed[i / 16] >> (i % 16) & 1) != 0);
                over[i] = failed;
            }
        }
        Assert.InRange(over.Count(o => o), 5, 63);
    }

    [Fact]
    public void Step_LongFlights_AreTruncatedAt500AndCounted()
    {
        BatchedEnvironment environment = new(
            BatchedQuad.Task(), BatchedQuad.Airframe, BatchedQuad.Settings with { ForceStdN = 0, TorqueStdNM = 0 }, 16, 1);
        var level = new float[QuadrotorChannels.StateCount];
        QuadrotorChannels.Pack(QuadrotorState<double>.AtRest(BatchedQuad.Airframe.HoverSetpoint), level);
        for (int i = 0; i < 16; i++)
        {
            for (int row = 0; row < level.Length; row++)
                environment.State.Of(i, row) = level[row];
            for (int k = 0; k < 4; k++)
                environment.Actions.Of(i, k) = (float)((BatchedQuad.Airframe.HoverSetpoint / 10851) - 1);
        }
        for (int step = 0; step < 499; step++)
            environment.Step();
        Assert.Equal(0, environment.Episodes.Ended);
        environment.Step();
        Assert.Equal(16, environment.Episodes.Ended);
        Assert.Equal(500, environment.Episodes.MeanLength);
        Assert.Equal(1, environment.Episodes.SettledShare);
        Assert.Equal(0xFFFF, environment.Truncated[0]);
        Assert.Equal(0, environment.Failed[0]);
    }

    [Fact]
    public void Restart_ManyEpisodes_FollowTheRecipe()
    {
        BatchedEnvironment environment = Environment(4096);
        double force = 0, torque = 0;
        int guided = 0;
        for (int i = 0; i < 4096; i++)
        {
            Assert.InRange(environment.State.Of(i, 0), -0.2f, 0.2f);
            Assert.InRange(environment.State.Of(i, 7), -1f, 1f);
            Assert.True(environment.State.Of(i, 3) >= 0.7f);
            guided += environment.State.Of(i, 0) == 0 ? 1 : 0;
            force += Math.Pow(environment.State.Of(i, 17), 2);
            torque += Math.Pow(environment.State.Of(i, 22), 2);
        }
        Assert.InRange(guided, 340, 480);
        Assert.Equal(0.0132435, Math.Sqrt(force / 4096), 6e-4);
        Assert.Equal(2.6487e-5, Math.Sqrt(torque / 4096), 1.2e-6);
    }

    [Fact]
    public void ReadObservation_AfterRestart_HoldsInitialActionsBeforeTheEpisode()
    {
        BatchedEnvironment environment = Environment(16);
        var observation = new float[environment.Task.ObservationLength];
        for (int step = 1; step <= 3; step++)
        {
            for (int k = 0; k < 4; k++)
                environment.Actions.Of(2, k) = step * 0.1f;
            environment.Step();
        }
        environment.ReadObservation(2, observation);
        Assert.All(observation[18..^12], a => Assert.Equal(0, a));
        Assert.Equal([0.1f, 0.2f, 0.3f], [observation[^12], observation[^8], observation[^4]]);
        Assert.Equal(environment.Frames.Of(2, 17), observation[17]);
        environment.State.Of(2, 0) = 5; // leaves the box
        environment.Step();
        Assert.NotEqual(0, environment.Failed[0] & 4);
        environment.ReadObservation(2, observation);
        Assert.All(observation[18..], a => Assert.Equal(0, a));
    }

    [Fact]
    public void Step_SameSeed_IsRepeatable()
    {
        BatchedEnvironment a = Environment(), b = Environment(), other = Environment(seed: 10);
        for (int step = 0; step < 200; step++)
        {
            a.Step();
            b.Step();
            other.Step();
        }
        for (int block = 0; block < a.Blocks; block++)
            Assert.Equal(a.Frames.Block(block), b.Frames.Block(block));
        Assert.NotEqual(a.Frames.Block(0).ToArray(), other.Frames.Block(0).ToArray());
        Assert.True(a.Episodes.Ended > 100);
    }

    [Fact]
    public void Step_WithResets_AllocatesNothing()
    {
        BatchedEnvironment environment = Environment();
        AllocationGuard.AssertNone(environment.Step);
        Assert.True(environment.Episodes.Ended > 100);
    }

    private static QuadrotorState<double> Unpack(BatchedEnvironment environment, int vehicle)
    {
        var channels = new float[QuadrotorChannels.StateCount];
        for (int row = 0; row < channels.Length; row++)
            channels[row] = environment.State.Of(vehicle, row);
        return QuadrotorChannels.Unpack(channels, default(QuadrotorState<double>));
    }
}
