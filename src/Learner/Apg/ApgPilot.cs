using System.Numerics;
using Robotics.Learner.Kernels;
using Robotics.Learner.Networks;
using Robotics.Models;
using Robotics.Tasks;

namespace Robotics.Learner.Apg;

/// <summary>Flies a policy in a batched environment: observes the frame and the previous action, acts.</summary>
/// <remarks>The observation is that of a task whose action history is one step long.</remarks>
internal sealed class ApgPilot
{
    private readonly BatchedEnvironment _environment;
    private readonly LaneBlocks _previous;

    public ApgPilot(BatchedEnvironment environment)
    {
        _environment = environment;
        _previous = new LaneBlocks(environment.Count, environment.Task.ActionLength);
        for (int block = 0; block < environment.Blocks; block++)
            Forget(block, 0xFFFF);
    }

    /// <summary>Writes observations [vehicles, FrameLength + ActionLength].</summary>
    public void Observe(Matrix observations)
    {
        for (int block = 0; block < _environment.Blocks; block++)
        {
            LaneTranspose.ToBatch(_environment.Frames.Block(block), observations, block, 0);
            LaneTranspose.ToBatch(_previous.Block(block), observations, block, _environment.Task.FrameLength);
        }
    }

    /// <summary>Evaluates <paramref name="policy"/> on <paramref name="observations"/>, steps the environment, remembers the actions.</summary>
    public void Fly(Mlp policy, Matrix observations, MlpTrace trace)
    {
        Matrix actions = policy.Forward(observations, trace);
        for (int block = 0; block < _environment.Blocks; block++)
            LaneTranspose.ToLanes(actions, block, 0, _environment.Actions.Block(block));
        _environment.Step();
        for (int block = 0; block < _environment.Blocks; block++)
        {
            _environment.Actions.Block(block).CopyTo(_previous.Block(block));
            Forget(block, (uint)(_environment.Failed[block] | _environment.Truncated[block]));
        }
    }

    private void Forget(int block, uint lanes)
    {
        Span<float> previous = _previous.Block(block);
        for (uint left = lanes; left != 0; left &= left - 1)
        {
            for (int row = 0; row < _previous.Rows; row++)
                previous[(row * LaneBlocks.Lanes) + BitOperations.TrailingZeroCount(left)] = _environment.Task.Action.Initial[row];
        }
    }
}
