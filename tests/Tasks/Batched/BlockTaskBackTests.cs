using Robotics.Core;
using Robotics.Models;

namespace Robotics.Tasks.Tests;

/// <summary>Reverse mode of the batched task against finite differences of its own forward functions.</summary>
public sealed class BlockTaskBackTests
{
    private const float Step = 1e-2f; // the functions are at most quadratic but for the norm, so a wide step costs little
    private readonly SeededRandom _random = new(6, "states");

    [Theory]
    [InlineData(512, false)]
    [InlineData(512, true)]
    [InlineData(256, true)]
    [InlineData(128, false)]
    public void CostBack_RandomStates_EqualsFiniteDifferences(int registerBits, bool variant)
    {
        BlockTask task = BlockTask.Create(BatchedQuad.Task(variant), registerBits);
        RewardWeights weights = task.Task.Reward.EvaluationWeights;
        float[] state = State(task.Task), action = Draw(4, 0.8);
        float[] stateGradient = new float[23 * 16], actionGradient = new float[64];
        task.CostBack(state, action, weights, 0.5f, stateGradient, actionGradient);
        bool sparse = variant; // the variant's velocity term is a step function, whose gradient is 0
        for (int row = 0; row < 13; row++)
        {
            if (sparse && row is >= 7 and < 10)
                continue;
            AssertRow(row, stateGradient, state, () => Costs(task, state, action, weights));
        }
        for (int row = 0; row < 4; row++)
            AssertRow(row, actionGradient, action, () => Costs(task, state, action, weights));
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(256, false)]
    [InlineData(128, true)]
    public void FrameBack_RandomStates_EqualsFiniteDifferences(int registerBits, bool variant)
    {
        BlockTask task = BlockTask.Create(BatchedQuad.Task(variant), registerBits);
        float[] state = State(task.Task), weight = Draw(18, 1), gradient = new float[23 * 16], frame = new float[18 * 16];
        task.FrameBack(state, weight, gradient);
        float[] Weighted()
        {
            task.ObserveFrame(state, [], frame);
            var sums = new float[16];
            for (int i = 0; i < frame.Length; i++)
                sums[i % 16] += frame[i] * weight[i];
            return sums;
        }
        for (int row = 0; row < 17; row++)
            AssertRow(row, gradient, state, Weighted);
    }

    [Fact]
    public void CommandBack_IsTheTransposeOfTheMap()
    {
        BlockTask task = BlockTask.Create(BatchedQuad.Task());
        float[] gradient = new float[64];
        task.CommandBack(Draw(4, 1), gradient);
        _random.NextDouble();
        float[] ones = new float[64], actionGradient = new float[64];
        Array.Fill(ones, 1);
        task.CommandBack(ones, actionGradient);
        Assert.All(actionGradient, g => Assert.Equal(10851, g));
    }

    private static void AssertRow(int row, float[] gradient, float[] input, Func<float[]> losses)
    {
        float[] up = At(row, Step), down = At(row, -Step);
        for (int lane = 0; lane < 16; lane++)
        {
            float expected = (up[lane] - down[lane]) / (2 * Step);
            Assert.Equal(expected, gradient[(row * 16) + lane], 2e-2f * Math.Max(0.5f, Math.Abs(expected)));
        }
        float[] At(int r, float shift)
        {
            float[] saved = [.. input];
            for (int lane = 0; lane < 16; lane++)
                input[(r * 16) + lane] += shift;
            float[] result = losses();
            saved.CopyTo(input, 0);
            return result;
        }
    }

    // Half the cost, as the scale given to CostBack says.
    private static float[] Costs(BlockTask task, float[] state, float[] action, RewardWeights weights)
    {
        var reward = new float[16];
        task.Reward(state, action, weights, reward);
        return [.. reward.Select(r => -0.5f * r)];
    }

    private float[] State(RobotTask task)
    {
        var rows = new float[23 * 16];
        var state = new float[QuadrotorChannels.StateCount];
        for (int lane = 0; lane < 16; lane++)
        {
            task.SampleReset(_random, state);
            for (int i = 0; i < 17; i++)
                rows[(i * 16) + lane] = state[i];
            rows[lane] += 0.4f; // away from the target, where a norm has no derivative
        }
        return rows;
    }

    private float[] Draw(int rows, double range) => [.. Enumerable.Range(0, rows * 16).Select(_ => (float)_random.NextUniform(-range, range))];
}
