using System.Text.Json.Serialization;
using Robotics.Runtime.Control;

namespace Robotics.Cli.Demo;

/// <summary>What a control process measured of its own ticks.</summary>
internal sealed record TimingsResult
{
    /// <summary>Deadline to wake-up.</summary>
    [JsonPropertyName("wake_up")]
    public required LatencyFigures WakeUp { get; init; }

    /// <summary>Wake-up to wake-up.</summary>
    [JsonPropertyName("period")]
    public required LatencyFigures Period { get; init; }

    /// <summary>Sample to command.</summary>
    [JsonPropertyName("sensor_to_actuator")]
    public required LatencyFigures SensorToActuator { get; init; }

    /// <summary>The whole tick.</summary>
    [JsonPropertyName("tick")]
    public required LatencyFigures Tick { get; init; }

    /// <summary>Stages by name.</summary>
    [JsonPropertyName("stages")]
    public required IReadOnlyDictionary<string, LatencyFigures> Stages { get; init; }

    public static TimingsResult Of(TickTimings timings) => new()
    {
        WakeUp = LatencyFigures.Of(timings.WakeUp),
        Period = LatencyFigures.Of(timings.Period),
        SensorToActuator = LatencyFigures.Of(timings.SensorToActuator),
        Tick = LatencyFigures.Of(timings.Tick),
        Stages = Enum.GetValues<TickStage>().ToDictionary(s => s.ToString().ToLowerInvariant(), s => LatencyFigures.Of(timings[s]), StringComparer.Ordinal),
    };
}
