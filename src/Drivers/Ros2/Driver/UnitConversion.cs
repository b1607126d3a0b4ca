namespace Robotics.Drivers.Ros2;

/// <summary>Factors between the units that messages use and those of channels.</summary>
internal static class UnitConversion
{
    // To the SI unit of the same quantity. Degrees, revolutions per minute, standard gravity (CGPM 1901), gauss.
    private static readonly Dictionary<string, (string Quantity, double Factor)> s_units = new(StringComparer.Ordinal)
    {
        ["1"] = ("1", 1),
        ["%"] = ("1", 0.01),
        ["m"] = ("m", 1),
        ["cm"] = ("m", 1e-2),
        ["mm"] = ("m", 1e-3),
        ["ft"] = ("m", 0.3048),
        ["m/s"] = ("m/s", 1),
        ["km/h"] = ("m/s", 1 / 3.6),
        ["mm/s"] = ("m/s", 1e-3),
        ["m/s2"] = ("m/s2", 1),
        ["g"] = ("m/s2", 9.80665),
        ["rad"] = ("rad", 1),
        ["deg"] = ("rad", Math.PI / 180),
        ["rad/s"] = ("rad/s", 1),
        ["deg/s"] = ("rad/s", Math.PI / 180),
        ["rpm"] = ("rad/s", Math.PI / 30),
        ["N"] = ("N", 1),
        ["N m"] = ("N m", 1),
        ["V"] = ("V", 1),
        ["mV"] = ("V", 1e-3),
        ["A"] = ("A", 1),
        ["mA"] = ("A", 1e-3),
        ["s"] = ("s", 1),
        ["ms"] = ("s", 1e-3),
        ["T"] = ("T", 1),
        ["uT"] = ("T", 1e-6),
        ["G"] = ("T", 1e-4),
    };

    /// <summary>What a number in <paramref name="from"/> is multiplied by to be in <paramref name="to"/>; null where they measure different things.</summary>
    public static double? Factor(string from, string to)
    {
        if (from == to)
            return 1;
        return s_units.TryGetValue(from, out (string Quantity, double Factor) f)
            && s_units.TryGetValue(to, out (string Quantity, double Factor) t)
            && f.Quantity == t.Quantity
            ? f.Factor / t.Factor
            : null;
    }
}
