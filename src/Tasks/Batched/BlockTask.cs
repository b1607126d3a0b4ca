using System.Runtime.Intrinsics;
using Robotics.Models;

namespace Robotics.Tasks;

/// <summary>A task's functions for one block of 16 robots: the same as <see cref="RobotTask"/>'s, row by row.</summary>
/// <remarks>Rows of a state block are the state channels the task is bound to. Immutable; allocates nothing after construction.</remarks>
public abstract class BlockTask
{
    private protected BlockTask(RobotTask task) => Task = task;

    /// <summary>The task.</summary>
    public RobotTask Task { get; }

    /// <summary>The block form of <paramref name="task"/>.</summary>
    /// <param name="task">Bound to the rows of the state blocks.</param>
    /// <param name="registerBits">512, 256 or 128; 0 for the widest the machine has.</param>
    public static BlockTask Create(RobotTask task, int registerBits = 0)
    {
        ArgumentNullException.ThrowIfNull(task);
        return WideWidth.Choose(registerBits) switch
        {
            512 => new TaskKernel<Wide512, Vector512<float>>(task),
            256 => new TaskKernel<Wide256, Vector256<float>>(task),
            _ => new TaskKernel<Wide128, Vector128<float>>(task),
        };
    }

    /// <summary>Writes FrameLength rows; <paramref name="noise"/> holds as many rows of standard normal numbers, or none for no noise.</summary>
    public abstract void ObserveFrame(ReadOnlySpan<float> state, ReadOnlySpan<float> noise, Span<float> frame);

    /// <summary>Writes PrivilegedLength rows.</summary>
    public abstract void ObservePrivileged(ReadOnlySpan<float> state, Span<float> privileged);

    /// <summary>Clamps ActionLength rows of <paramref name="action"/> to [-1, 1] in place and writes the commands they mean.</summary>
    public abstract void ToCommand(Span<float> action, Span<float> command);

    /// <summary>Writes one row of rewards of taking <paramref name="action"/> in <paramref name="state"/>, as if nobody failed.</summary>
    public abstract void Reward(ReadOnlySpan<float> state, ReadOnlySpan<float> action, RewardWeights weights, Span<float> reward);

    /// <summary>One bit per robot, set where a failure rule applies to <paramref name="state"/>.</summary>
    public abstract uint Failed(ReadOnlySpan<float> state);

    /// <summary>One bit per robot, set where a success rule applies; failure takes precedence.</summary>
    public abstract uint Succeeded(ReadOnlySpan<float> state);

    /// <summary>Reverse mode of the reward's cost (reward = constant - cost): adds the gradient of the cost.</summary>
    /// <param name="state">State rows the reward was computed from.</param>
    /// <param name="action">Action rows it was computed from.</param>
    /// <param name="weights">Weights in force.</param>
    /// <param name="scale">Multiplies what is added, for a mean over many steps.</param>
    /// <param name="stateGradient">One row per state channel, added to; a sparse term (shape outside) adds nothing.</param>
    /// <param name="actionGradient">ActionLength rows, added to.</param>
    public abstract void CostBack(
        ReadOnlySpan<float> state, ReadOnlySpan<float> action, RewardWeights weights, float scale,
        Span<float> stateGradient, Span<float> actionGradient);

    /// <summary>Reverse mode of <see cref="ObserveFrame"/>: adds the gradient by the state to <paramref name="stateGradient"/>.</summary>
    public abstract void FrameBack(ReadOnlySpan<float> state, ReadOnlySpan<float> frameGradient, Span<float> stateGradient);

    /// <summary>Reverse mode of <see cref="ToCommand"/>: adds the gradient by the action, as if nothing were clamped.</summary>
    public abstract void CommandBack(ReadOnlySpan<float> commandGradient, Span<float> actionGradient);
}
