using Robotics.Configuration;

namespace Robotics.Safety;

/// <summary>How large a share of recent commands may be clamped before the source is judged unfit. Section <c>safety.clamp_share</c>.</summary>
/// <param name="MaxFraction">Share above which the rule trips; 1 switches it off.</param>
/// <param name="WindowTicks">Number of recent control ticks that count.</param>
public sealed record ClampShareLimits(double MaxFraction, int WindowTicks)
{
    /// <summary>Half of the last 100 ticks (R7).</summary>
    public static ClampShareLimits Standard { get; } = new(0.5, 100);

    /// <summary>Reads the optional section.</summary>
    public static ClampShareLimits Read(ConfigMap? section) =>
        section is null
            ? Standard
            : new(
                section.Number("max_fraction", 0.01, 1, fallback: Standard.MaxFraction, tighten: Tighten.OnlyLower),
                (int)section.Integer("window_ticks", 1, 100_000, fallback: Standard.WindowTicks)
            );
}
