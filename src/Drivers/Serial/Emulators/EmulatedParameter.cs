using Robotics.Drivers.Serial.Mavlink;

namespace Robotics.Drivers.Serial.Emulators;

/// <summary>A parameter of an emulated autopilot, as its firmware declares it.</summary>
internal sealed class EmulatedParameter(double value, bool isInteger)
{
    private readonly double _default = value;

    public double Value { get; set; } = value;

    public bool IsInteger => isInteger;

    public void Restore() => Value = _default;

    /// <summary>Defaults of the two firmwares in the measured versions.</summary>
    public static Dictionary<string, EmulatedParameter> Defaults(AutopilotKind flavour) =>
        flavour == AutopilotKind.Px4
            ? new(StringComparer.Ordinal)
            {
                ["COM_OF_LOSS_T"] = new(1.0, false),
                ["COM_OBL_RC_ACT"] = new(0, true),
                ["GF_MAX_HOR_DIST"] = new(0, false),
                ["MIS_TAKEOFF_ALT"] = new(2.5, false),
            }
            : new(StringComparer.Ordinal)
            {
                ["GUID_TIMEOUT"] = new(3.0, false),
                ["GUID_OPTIONS"] = new(0, true),
                ["FENCE_RADIUS"] = new(0, false),
            };
}
