using Robotics.Core;
using Robotics.Models;

namespace Robotics.Tasks.Tests;

public sealed class BlockTaskTests
{
    public static TheoryData<int, bool> Forms => new() { { 512, false }, { 256, false }, { 128, false }, { 512, true }, { 128, true } };

    [Theory]
    [MemberData(nameof(Forms))]
    public void EveryFunction_OnRandomStates_EqualsTheSingleForm(int registerBits, bool variant)
    {
        RobotTask task = BatchedQuad.Task(variant);
        BlockTask block = BlockTask.Create(task, registerBits);
        var random = new SeededRandom(4, "states");
        RewardWeights weights = task.Reward.EvaluationWeights;
        int failures = 0;
        for (int round = 0; round < 30; round++)
        {
            float[][] states = [.. Enumerable.Range(0, 16).Select(_ => State(random, task))];
            float[][] actions = [.. states.Select(_ => Enumerable.Range(0, 4).Select(_ => (float)random.NextUniform(-1.3, 1.3)).ToArray())];
            float[] state = Rows(states), action = Rows(actions), command = new float[64];
            float[] frame = new float[18 * 16], privileged = new float[28 * 16], reward = new float[16];
            block.ObserveFrame(state, [], frame);
            block.ObservePrivileged(state, privileged);
            block.ToCommand(action, command);
            block.Reward(state, action, weights, reward);
            uint failed = block.Failed(state);
            for (int lane = 0; lane < 16; lane++)
            {
                SensorSample sample = Sample(task, states[lane]);
                float[] f = new float[18], p = new float[28], c = new float[4];
                Assert.True(task.ObserveFrame(sample, null, f));
                Assert.True(task.ObservePrivileged(sample, p));
                float[] clamped = [.. actions[lane].Select(a => Math.Clamp(a, -1, 1))];
                task.Action.ToCommand(actions[lane], c);
                AssertColumn(f, frame, lane, 1e-6f);
                AssertColumn(p, privileged, lane, 1e-6f);
                AssertColumn(c, command, lane, 0.01f);
                AssertColumn(clamped, action, lane, 0);
                float expected = task.Reward.Of(p, clamped, EpisodeOutcome.Running, weights);
                Assert.Equal(expected, reward[lane], 1e-4f * Math.Max(1, Math.Abs(expected)));
                bool fails = task.Judge(sample) == EpisodeOutcome.Failure;
                Assert.Equal(fails, (failed >> lane & 1) != 0);
                failures += fails ? 1 : 0;
            }
        }
        Assert.InRange(failures, 50, 430); // both outcomes occurred
    }

    [Fact]
    public void ObserveFrame_WithNoise_AddsTheDeclaredDeviation()
    {
        RobotTask task = BatchedQuad.Task();
        BlockTask block = BlockTask.Create(task);
        float[] state = Rows([.. Enumerable.Range(0, 16).Select(_ => State(new SeededRandom(1), task))]);
        float[] plain = new float[18 * 16], noisy = new float[18 * 16], ones = new float[18 * 16];
        Array.Fill(ones, 1);
        block.ObserveFrame(state, [], plain);
        block.ObserveFrame(state, ones, noisy);
        for (int i = 0; i < plain.Length; i++)
            Assert.Equal(i / 16 < 12 ? 0.001f : 0.002f, noisy[i] - plain[i], 1e-6f);
    }

    [Fact]
    public void Failed_NotANumber_IsFailure()
    {
        RobotTask task = BatchedQuad.Task();
        float[] state = new float[QuadrotorChannels.StateCount * 16];
        state[5] = float.NaN;
        Assert.Equal(1u << 5, BlockTask.Create(task).Failed(state));
    }

    private static float[] State(SeededRandom random, RobotTask task)
    {
        var state = new float[QuadrotorChannels.StateCount];
        task.SampleReset(random, state);
        for (int i = 0; i < 3; i++)
            state[i] *= 3.5f; // beyond the box now and then
        for (int i = 17; i < 23; i++)
            state[i] = (float)random.NextGaussian();
        return state;
    }

    private static SensorSample Sample(RobotTask task, float[] state)
    {
        var sample = new SensorSample(task.StateChannels) { Status = ReadStatus.Ok };
        state.CopyTo(sample.Values);
        return sample;
    }

    private static float[] Rows(float[][] robots)
    {
        var rows = new float[robots[0].Length * 16];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = robots[i % 16][i / 16];
        return rows;
    }

    private static void AssertColumn(float[] expected, float[] rows, int lane, float tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], rows[(i * 16) + lane], tolerance * Math.Max(1, Math.Abs(expected[i])));
    }
}
