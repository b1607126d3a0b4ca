namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>A firmware parameter that must hold before arming.</summary>
/// <param name="Name">Firmware's name, at most 16 ASCII characters.</param>
/// <param name="Value">Required value, in the parameter's own unit.</param>
/// <param name="IsInteger">Declared as INT32 by the firmware.</param>
/// <param name="AtLeastBits">True where <paramref name="Value"/> is a bit mask whose bits must be set, others may be.</param>
public sealed record VehicleParameter(string Name, double Value, bool IsInteger = false, bool AtLeastBits = false)
{
    /// <summary>True where <paramref name="value"/> meets the requirement; floats within their own rounding.</summary>
    public bool IsMetBy(double value) =>
        AtLeastBits ? ((long)value & (long)Value) == (long)Value : Math.Abs(value - Value) <= 1e-6 * Math.Max(1, Math.Abs(Value));

    /// <summary>What to write where the firmware holds <paramref name="current"/>.</summary>
    public double ToWrite(double current) => AtLeastBits ? (long)current | (long)Value : Value;
}
