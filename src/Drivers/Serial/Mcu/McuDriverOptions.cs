using Robotics.Configuration;

namespace Robotics.Drivers.Serial.Mcu;

/// <summary>The <c>driver</c> and <c>channels</c> sections of a robot behind the R1 firmware.</summary>
public sealed record McuDriverOptions
{
    private const int MaxChannels = 16; // R1_MAX_CHANNELS of the firmware

    /// <summary>Where it is reached.</summary>
    public required ByteEndpoint Endpoint { get; init; }

    /// <summary>Limit table, one row per command channel.</summary>
    public required IReadOnlyList<McuLimit> Limits { get; init; }

    /// <summary>How long a command holds without a newer one, ms, 1..200: the device's own time-out (R15: at most 5 frames).</summary>
    public required int ValidForMs { get; init; }

    /// <summary>Safe action the firmware must declare: 0 safe values at once, 1 ramp to them, 2 hold.</summary>
    public required int SafeAction { get; init; }

    /// <summary>Reads the sections; problems go to the document.</summary>
    public static McuDriverOptions Read(ConfigMap root)
    {
        ArgumentNullException.ThrowIfNull(root);
        ConfigMap driver = root.Map("driver");
        driver.String("kind");
        string text = driver.String("endpoint");
        if (!ByteEndpoint.TryParse(text, out ByteEndpoint? endpoint, out string problem) && text.Length > 0)
            driver.AddProblem("endpoint", problem);
        List<McuLimit> limits = [.. root.Map("channels").Maps("commands").Select(ReadLimit)];
        if (limits.Count > MaxChannels)
            driver.AddProblem("kind", $"{limits.Count} command channels; the firmware has at most {MaxChannels}");
        return new McuDriverOptions
        {
            Endpoint = endpoint ?? new ByteEndpoint(EndpointKind.Serial, "/dev/null", 115_200),
            Limits = limits,
            ValidForMs = (int)driver.Integer("valid_for_ms", 1, 200),
            SafeAction = driver.OneOf("safe_action", ["zero", "ramp", "hold"]) switch { "zero" => 0, "ramp" => 1, _ => 2 },
        };
    }

    private static McuLimit ReadLimit(ConfigMap map)
    {
        double minimum = map.Number("minimum", -1e6, 1e6);
        double maximum = map.Number("maximum", minimum, 1e6);
        return new McuLimit(
            map.String("name"), map.String("unit"), (float)minimum, (float)maximum,
            (float)map.Number("max_rate_per_s", 0, 1e9), (float)map.Number("safe", minimum, maximum));
    }
}
