using Robotics.Tasks;

namespace Robotics.Learner.Replay;

/// <summary>What one environment step holds, in floats, and what the networks see of it.</summary>
/// <param name="FrameLength">Per-step observation without history; 18 in the hover recipe.</param>
/// <param name="HistoryLength">Past actions in the policy's observation; 32 in the hover recipe, 0 for none.</param>
/// <param name="ActionLength">Action in [-1, 1].</param>
/// <param name="PrivilegedLength">What only the critic sees; 28 in the hover recipe, 0 where the critic sees the frame.</param>
/// <param name="ImageLength">Bytes of all camera images of one step, 0 for none; kept and gathered as bytes.</param>
public sealed record ReplayLayout(int FrameLength, int HistoryLength, int ActionLength, int PrivilegedLength, int ImageLength = 0)
{
    /// <summary>The action that fills the history before an episode's first step, [ActionLength]; empty for zeros.</summary>
    public ReadOnlyMemory<float> InitialAction { get; init; }

    /// <summary>The layout of a task file.</summary>
    public static ReplayLayout Of(RobotTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new ReplayLayout(task.FrameLength, task.HistoryLength, task.ActionLength, task.PrivilegedLength)
        {
            InitialAction = task.Action.Initial.ToArray(),
        };
    }

    /// <summary>Policy input: frame, then the action history oldest first.</summary>
    public int ObservationLength => FrameLength + (HistoryLength * ActionLength);

    /// <summary>Critic's state: the privileged observation, or the frame where there is none.</summary>
    public int CriticStateLength => PrivilegedLength > 0 ? PrivilegedLength : FrameLength;

    /// <summary>Critic input: its state, then the action.</summary>
    public int CriticInputLength => CriticStateLength + ActionLength;
}
