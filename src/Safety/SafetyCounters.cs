using System.Numerics;
using Robotics.Core;

namespace Robotics.Safety;

/// <summary>What the supervisor did since start. Written by the control thread; other threads may read approximate values.</summary>
public sealed class SafetyCounters
{
    private readonly long[] _causeTicks = new long[32];

    /// <summary>Control ticks filtered.</summary>
    public long Ticks { get; internal set; }

    /// <summary>How often authority was taken from a source while armed.</summary>
    public long Interventions { get; internal set; }

    /// <summary>Armed ticks commanded by the baseline or a stronger action.</summary>
    public long InterventionTicks { get; internal set; }

    /// <summary>Ticks whose command was clamped.</summary>
    public long ClampedTicks { get; internal set; }

    /// <summary>Ticks in which <paramref name="cause"/> (one bit) was in force while armed.</summary>
    public long TicksOf(SafetyCauses cause) => _causeTicks[BitOperations.TrailingZeroCount((uint)cause)];

    internal void Count(SafetyCauses causes)
    {
        for (uint rest = (uint)causes; rest != 0; rest &= rest - 1)
            _causeTicks[BitOperations.TrailingZeroCount(rest)]++;
    }
}
