using System.Diagnostics;

namespace Robotics.Core;

/// <summary>CLOCK_MONOTONIC: unaffected by NTP steps and by whoever sets the wall clock.</summary>
/// <remarks>Origin is the machine's boot, so all processes of one machine share it. Does not allocate.</remarks>
public sealed class MonotonicClock : IClock
{
    /// <summary>The machine's one clock.</summary>
    public static MonotonicClock Instance { get; } = new();

    private MonotonicClock() { }

    /// <inheritdoc/>
    // .NET on Linux reads CLOCK_MONOTONIC in nanoseconds (Stopwatch.Frequency is 1e9); ElapsedTicks would lose a factor of 100.
#pragma warning disable RS0030 // the one place that may read the clock
    public long NowNs => Stopwatch.GetTimestamp() * (1_000_000_000L / Stopwatch.Frequency);
#pragma warning restore RS0030
}
