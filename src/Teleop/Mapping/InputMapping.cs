using Robotics.Configuration;

namespace Robotics.Teleop;

/// <summary>What the axes and buttons of one device mean for one robot: read strictly from <c>hardware/ROBOT/teleop/DEVICE.yaml</c>.</summary>
/// <remarks>
/// <para>A motion is a named number in [-1, 1] that the robot's steering file declares (<c>forward</c>, <c>left</c>, <c>up</c>, <c>turn</c>).
/// Several axes may add up to one motion.</para>
/// <para>Who holds the dead man's switch: a button where the file names one, else any motion beyond <c>engage_threshold</c>. It must be held
/// for <c>entry_ms</c> before it counts and, where motion is the switch, let go for <c>exit_ms</c> before it does not; a button let go counts
/// at once. One thread; <see cref="Apply"/> allocates nothing.</para>
/// </remarks>
public sealed class InputMapping
{
    private readonly AxisBinding[] _bindings;
    private readonly (int Button, TeleopAction Action)[] _actions;
    private readonly uint[] _seen;
    private readonly int _deadman;
    private readonly float _threshold;
    private readonly long _entryNs;
    private readonly long _exitNs;
    private readonly float[] _motions;
    private readonly Queue<TeleopAction> _pressed = new();
    private long _heldSinceNs = long.MaxValue;
    private long _heldLastNs = long.MinValue;

    private InputMapping(ConfigMap root, InputDevice device, IReadOnlyList<string> motions)
    {
        Name = root.String("mapping");
        root.String("device");
        _motions = new float[motions.Count];
        _threshold = (float)root.Number("engage_threshold", 0.001, 1, 0.05);
        _entryNs = (long)(1e6 * root.Number("entry_ms", 0, 1000, 0));
        _exitNs = (long)(1e6 * root.Number("exit_ms", 0, 1000, 150)); // 150 ms: hysteresis of a motion that passes through the centre
        _deadman = root.Has("dead_man") ? Find(root, "dead_man", device.ButtonNames) : -1;
        _bindings = [.. root.Maps("motions").Select(m => ReadAxis(m, device, motions))];
        _actions = [.. root.Maps("actions", required: false).Select(m => ReadAction(m, device))];
        _seen = [.. _actions.Select(a => a.Button >= 0 ? device.Presses(a.Button) : 0)];
    }

    /// <summary>Name of the mapping.</summary>
    public string Name { get; }

    /// <summary>The motions the person asks for, each in [-1, 1]; 0 where nobody holds the switch.</summary>
    public ReadOnlySpan<float> Motions => _motions;

    /// <summary>True while the dead man's switch is held.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Reads <paramref name="document"/> for <paramref name="device"/> and the robot's <paramref name="motions"/>; problems are collected in it.</summary>
    public static InputMapping Read(ConfigDocument document, InputDevice device, IReadOnlyList<string> motions)
    {
        ArgumentNullException.ThrowIfNull(document);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(motions);
        return new InputMapping(document.Root, device, motions);
    }

    /// <summary>Turns the device's present state into motions, switch and actions.</summary>
    public void Apply(InputDevice device, long nowNs)
    {
        ArgumentNullException.ThrowIfNull(device);
        Array.Clear(_motions);
        float largest = 0;
        foreach (AxisBinding b in _bindings)
        {
            float value = device.IsPresent ? b.Shape(device.Axis(b.Axis)) : 0;
            _motions[b.Motion] = Math.Clamp(_motions[b.Motion] + value, -1f, 1f);
            largest = Math.Max(largest, MathF.Abs(value));
        }
        IsHeld = device.IsPresent && Debounce(_deadman >= 0 ? device.IsHeld(_deadman) : largest > _threshold, nowNs);
        if (!IsHeld)
            Array.Clear(_motions);
        CountPresses(device);
    }

    /// <summary>Takes the oldest action that was pressed.</summary>
    public bool TryTakeAction(out TeleopAction action) => _pressed.TryDequeue(out action);

    private bool Debounce(bool held, long nowNs)
    {
        if (held)
        {
            _heldSinceNs = Math.Min(_heldSinceNs, nowNs);
            _heldLastNs = nowNs;
            return nowNs - _heldSinceNs >= _entryNs;
        }
        bool lingers = _deadman < 0 && IsHeld && nowNs - _heldLastNs <= _exitNs;
        if (!lingers)
            _heldSinceNs = long.MaxValue;
        return lingers;
    }

    private void CountPresses(InputDevice device)
    {
        for (int i = 0; i < _actions.Length; i++)
        {
            uint presses = device.Presses(_actions[i].Button);
            if (presses != _seen[i])
                _pressed.Enqueue(_actions[i].Action);
            _seen[i] = presses;
        }
    }

    private static AxisBinding ReadAxis(ConfigMap map, InputDevice device, IReadOnlyList<string> motions) =>
        new(
            Math.Max(0, Find(map, "motion", motions)), Math.Max(0, Find(map, "axis", device.AxisNames)),
            (float)map.Number("deadzone", 0, 0.95, 0), (float)map.Number("expo", 0, 1, 0), (float)map.Number("scale", -1, 1, 1));

    private static (int Button, TeleopAction Action) ReadAction(ConfigMap map, InputDevice device)
    {
        string name = map.OneOf("action", ["success", "failure", "rerecord", "terminate", "reset", "confirm", "emergency_stop"]);
        return (Math.Max(0, Find(map, "button", device.ButtonNames)), Enum.Parse<TeleopAction>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true));
    }

    private static int Find(ConfigMap map, string key, IReadOnlyList<string> names)
    {
        string name = map.String(key);
        for (int i = 0; i < names.Count; i++)
        {
            if (string.Equals(names[i], name, StringComparison.Ordinal))
                return i;
        }
        if (name.Length > 0)
            map.AddProblem(key, $"'{name}' is none of {string.Join(", ", names)}");
        return -1;
    }
}
