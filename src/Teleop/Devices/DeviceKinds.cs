namespace Robotics.Teleop;

/// <summary>Kinds of devices by the name that mapping files and <c>robotics teleop --device</c> use.</summary>
public static class DeviceKinds
{
    /// <summary>Axes of a radio: forward, left, up, turn, as its sticks are.</summary>
    public static IReadOnlyList<string> RadioAxes { get; } = ["forward", "left", "up", "turn"];

    /// <summary>Switches of a radio: the dead man's, and the one that asks to take over.</summary>
    public static IReadOnlyList<string> RadioButtons { get; } = ["dead_man", "take_over"];

    /// <summary>Axes of a sensor_msgs/Joy: as many as any driver gives.</summary>
    public static IReadOnlyList<string> JoyAxes { get; } = [.. Enumerable.Range(0, 16).Select(i => $"axis_{i}")];

    /// <summary>Buttons of a sensor_msgs/Joy.</summary>
    public static IReadOnlyList<string> JoyButtons { get; } = [.. Enumerable.Range(0, 32).Select(i => $"button_{i}")];

    /// <summary>Names of all kinds.</summary>
    public static IReadOnlyList<string> All { get; } = ["gamepad", "spacemouse", "spacemouse-wireless", "keyboard", "browser", "radio", "joy"];

    /// <summary>A device of this kind that nobody touches: to check a mapping file against. Unknown kinds have no axes.</summary>
    public static InputDevice Blank(string kind) => kind switch
    {
        "gamepad" => new EvdevGamepad(new RecordedStream()),
        "spacemouse" or "spacemouse-wireless" => new SpaceMouse(new RecordedStream()),
        "keyboard" => new TerminalKeyboard(new RecordedStream()),
        "browser" => new BrowserDevice(),
        "radio" => new ReportedDevice("radio", RadioAxes, RadioButtons),
        "joy" => new ReportedDevice("joy", JoyAxes, JoyButtons),
        _ => new ReportedDevice(kind, [], []),
    };
}
