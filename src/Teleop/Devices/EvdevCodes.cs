namespace Robotics.Teleop;

/// <summary>Codes of Linux' input subsystem, from linux/input.h and linux/input-event-codes.h.</summary>
internal static class EvdevCodes
{
    public const ushort TypeSync = 0; // EV_SYN
    public const ushort TypeKey = 1; // EV_KEY
    public const ushort TypeAbsolute = 3; // EV_ABS
    public const ushort Report = 0; // SYN_REPORT
    public const ushort Dropped = 3; // SYN_DROPPED
    public const int EventBytes = 24; // struct input_event on 64-bit: two 8-byte times, u16 type, u16 code, s32 value
    public const int KeyBytes = (0x2ff / 8) + 1; // KEY_MAX

    /// <summary>Absolute axes by code.</summary>
    public static IReadOnlyList<(string Name, ushort Code)> Axes { get; } =
    [
        ("ABS_X", 0x00), ("ABS_Y", 0x01), ("ABS_Z", 0x02), ("ABS_RX", 0x03), ("ABS_RY", 0x04), ("ABS_RZ", 0x05),
        ("ABS_THROTTLE", 0x06), ("ABS_RUDDER", 0x07), ("ABS_WHEEL", 0x08), ("ABS_GAS", 0x09), ("ABS_BRAKE", 0x0a),
        ("ABS_HAT0X", 0x10), ("ABS_HAT0Y", 0x11),
    ];

    /// <summary>Buttons of gamepads and the keys that foot pedals send.</summary>
    public static IReadOnlyList<(string Name, ushort Code)> Buttons { get; } =
    [
        ("BTN_SOUTH", 0x130), ("BTN_EAST", 0x131), ("BTN_NORTH", 0x133), ("BTN_WEST", 0x134), ("BTN_TL", 0x136), ("BTN_TR", 0x137),
        ("BTN_TL2", 0x138), ("BTN_TR2", 0x139), ("BTN_SELECT", 0x13a), ("BTN_START", 0x13b), ("BTN_MODE", 0x13c), ("BTN_THUMBL", 0x13d),
        ("BTN_THUMBR", 0x13e), ("BTN_DPAD_UP", 0x220), ("BTN_DPAD_DOWN", 0x221), ("BTN_DPAD_LEFT", 0x222), ("BTN_DPAD_RIGHT", 0x223),
        ("BTN_TRIGGER", 0x120), ("BTN_THUMB", 0x121), ("KEY_A", 30), ("KEY_B", 48), ("KEY_C", 46), ("KEY_ENTER", 28), ("KEY_SPACE", 57),
    ];

    /// <summary>EVIOCGABS(code) = _IOR('E', 0x40 + code, struct input_absinfo).</summary>
    public static ulong ReadAbsolute(int code) => Read(0x40 + code, 24);

    /// <summary>EVIOCGKEY(length) = _IOC(_IOC_READ, 'E', 0x18, length).</summary>
    public static ulong ReadKeys(int length) => Read(0x18, length);

    private static ulong Read(int number, int size) => (2UL << 30) | ((ulong)size << 16) | ((ulong)'E' << 8) | (uint)number;
}
