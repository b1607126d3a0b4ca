using Robotics.Configuration;
using Robotics.Core;

namespace Robotics.Safety;

/// <summary>The baseline of actuators that know one safe value each (valves, heaters, thrusters): leads every command there and keeps it.</summary>
/// <remarks>Section <c>baseline</c> with <c>kind: safe_values</c>, <c>values: [{command, value, max_rate_per_s}]</c>. Limp and power cut command
/// the safe values at once. Control thread only; allocates nothing.</remarks>
public sealed class SafeValuesBaseline : IBaselineController
{
    private readonly int[] _commands;
    private readonly float[] _values;
    private readonly float[] _steps;
    private readonly ChannelLayout _layout;

    private SafeValuesBaseline(IReadOnlyList<(int Command, float Value, float Step)> values, ChannelLayout layout)
    {
        _commands = [.. values.Select(v => v.Command)];
        _values = [.. values.Select(v => v.Value)];
        _steps = [.. values.Select(v => v.Step)];
        _layout = layout;
    }

    /// <summary>A baseline that never validates: what stands where robot.yaml asks for one that this robot cannot have.</summary>
    public static SafeValuesBaseline None(ChannelLayout command) => new([], command);

    /// <summary>Reads the section; problems go to its document.</summary>
    public static SafeValuesBaseline Read(ConfigMap baseline, ChannelLayout command, double periodS)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(command);
        string[] names = [.. command.Select(c => c.Name)];
        var values = new List<(int, float, float)>();
        foreach (ConfigMap map in baseline.Maps("values"))
        {
            int index = command.IndexOf(map.OneOf("command", names));
            (double low, double high) = index < 0 ? (-1e9, 1e9) : (command[index].Minimum, command[index].Maximum);
            values.Add((index, (float)map.Number("value", low, high), (float)(map.Number("max_rate_per_s", 1e-6, 1e9) * periodS)));
        }
        return new SafeValuesBaseline([.. values.Where(v => v.Item1 >= 0)], command);
    }

    /// <inheritdoc/>
    public string? Validate()
    {
        string[] missing = [.. _layout.Where((_, i) => Array.IndexOf(_commands, i) < 0).Select(c => c.Name)];
        return missing.Length > 0 ? $"no safe value for {string.Join(", ", missing)}: baseline.values must list every command channel"
            : _commands.Distinct().Count() != _commands.Length ? "baseline.values lists a channel twice"
            : null;
    }

    /// <summary>Keeps nothing.</summary>
    public void Reset() { }

    /// <inheritdoc/>
    public BaselineStatus Compute(BaselineInput input, BaselineGoal goal, bool inCharge, Span<float> command)
    {
        ArgumentNullException.ThrowIfNull(input);
        bool arrived = true;
        for (int i = 0; i < _commands.Length; i++)
        {
            float last = input.LastCommand[_commands[i]];
            command[_commands[i]] = last + Math.Clamp(_values[i] - last, -_steps[i], _steps[i]);
            arrived &= last == _values[i];
        }
        Rest = arrived && inCharge ? BaselineRest.Unpowered : BaselineRest.Moving;
        return BaselineStatus.Ok;
    }

    /// <inheritdoc/>
    public BaselineRest Rest { get; private set; }

    /// <inheritdoc/>
    public void OpenLoop(SafetyAction action, BaselineInput input, Span<float> command)
    {
        for (int i = 0; i < _commands.Length; i++)
            command[_commands[i]] = _values[i];
    }
}
