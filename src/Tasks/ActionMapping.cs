using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Tasks;

/// <summary>Affine map between normalised actions and actuator units: command = centre + half_range * action.</summary>
/// <remarks>One action per command channel; actions outside [-1, 1] are clamped, NaN passes through for the supervisor to see.</remarks>
public sealed class ActionMapping
{
    private readonly float[] _centre;
    private readonly float[] _halfRange;

    internal ActionMapping(ConfigMap map, ChannelLayout command, double[]? restCommand)
    {
        double[] low = map.Vector("low", command.Count, fallback: [.. command.Select(c => c.Minimum)]);
        double[] high = map.Vector("high", command.Count, fallback: [.. command.Select(c => c.Maximum)]);
        _centre = new float[command.Count];
        _halfRange = new float[command.Count];
        for (int i = 0; i < command.Count; i++)
        {
            bool usable = double.IsFinite(low[i]) && double.IsFinite(high[i]) && low[i] < high[i]
                && low[i] >= command[i].Minimum && high[i] <= command[i].Maximum;
            if (!usable)
                map.AddProblem("low", $"action range [{low[i]}, {high[i]}] of {command[i].Name} is not inside the actuator's limits [{command[i].Minimum}, {command[i].Maximum}]");
            _halfRange[i] = usable ? (float)((high[i] - low[i]) / 2) : 1;
            _centre[i] = usable ? (float)(low[i] + ((high[i] - low[i]) / 2)) : 0;
        }
        Initial = ReadInitial(map, restCommand);
    }

    /// <summary>Number of action values.</summary>
    public int Length => _centre.Length;

    /// <summary>The action that counts as executed before an episode's first step: fills the history.</summary>
    public IReadOnlyList<float> Initial { get; }

    internal IReadOnlyList<float> Centre => _centre;

    internal IReadOnlyList<float> HalfRange => _halfRange;

    /// <summary>Normalised <paramref name="action"/> to actuator units.</summary>
    public void ToCommand(ReadOnlySpan<float> action, Span<float> command)
    {
        for (int i = 0; i < _centre.Length; i++)
            command[i] = _centre[i] + (_halfRange[i] * Math.Clamp(action[i], -1f, 1f));
    }

    /// <summary>The normalised action that gives <paramref name="command"/>.</summary>
    public void ToAction(ReadOnlySpan<float> command, Span<float> action)
    {
        for (int i = 0; i < _centre.Length; i++)
            action[i] = (command[i] - _centre[i]) / _halfRange[i];
    }

    private float[] ReadInitial(ConfigMap map, double[]? restCommand)
    {
        var initial = new float[_centre.Length];
        if (map.OneOf("initial", ["middle", "rest"], "middle") == "middle")
            return initial;
        if (restCommand is null || restCommand.Length != initial.Length)
            map.AddProblem("initial", "'rest' needs a robot whose resting command is known (a quadrotor's hover)");
        else
            ToAction([.. restCommand.Select(c => (float)c)], initial);
        return initial;
    }
}
