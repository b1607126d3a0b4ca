using System.Text.Json.Serialization;
using Robotics.Runtime.Memory;

namespace Robotics.Cli.Safety;

/// <summary>Stretches of one kind together: ticks, those that were missed, and what the hypervisor took meanwhile.</summary>
internal sealed class WallWindow
{
    private long _ticksBefore;
    private long _missedBefore;
    private double _stealBefore;

    [JsonPropertyName("ticks")]
    public long Ticks { get; set; }

    [JsonPropertyName("missed_ticks")]
    public long Missed { get; set; }

    /// <summary>Of all cores, ms; counted by the kernel in steps of 10.</summary>
    [JsonPropertyName("steal_ms")]
    public double StealMs { get; set; }

    public void Begin(ControlStatus status)
    {
        (_ticksBefore, _missedBefore) = (status.Ticks, status.MissedPeriods);
        _stealBefore = StealTime.TotalMs;
    }

    /// <summary>Ends a stretch and gives its ticks.</summary>
    public long End(ControlStatus status)
    {
        long ticks = status.Ticks - _ticksBefore;
        Ticks += ticks;
        Missed += status.MissedPeriods - _missedBefore;
        StealMs += StealTime.TotalMs - _stealBefore;
        return ticks;
    }
}
