using Robotics.Safety;
using Robotics.Tasks;

namespace Robotics.Runtime.Steering;

/// <summary>Motion i is value i of the task's action, as the policy would give it.</summary>
internal sealed class ActionSteering(ActionMapping action, BaselineInput input, double scale) : ISteering
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

    /// <inheritdoc/>
    public bool TryGoHome(ResetSettings home, Span<float> command, out bool arrived)
    {
        Array.Clear(_action);
        arrived = true;
        for (int i = 0; i < home.Home.Count; i++)
        {
            HomeTarget target = home.Home[i];
            float error = target.Target - input.Values[target.Channel];
            _action[target.Action] = Math.Clamp(target.Gain * error, -(float)scale, (float)scale);
            arrived &= MathF.Abs(error) <= home.Tolerance && input.Fresh[target.Channel];
        }
        action.ToCommand(_action, command);
        return true;
    }
}
