using Robotics.Tasks;

namespace Robotics.Runtime.Steering;

/// <summary>Motion i is value i of the task's action, as the policy would give it.</summary>
internal sealed class ActionSteering(ActionMapping action, double scale) : ISteering
{
    private readonly float[] _action = new float[action.Length];

    /// <inheritdoc/>
    public int MotionLength => action.Length;

    /// <inheritdoc/>
    public void Follow() { }

    /// <inheritdoc/>
    public bool TrySteer(ReadOnlySpan<float> motion, Span<float> command)
    {
        for (int i = 0; i < _action.Length; i++)
            _action[i] = (float)scale * motion[i];
        action.ToCommand(_action, command);
        return true;
    }
}
