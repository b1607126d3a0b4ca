namespace Robotics.Core;

/// <summary>A clock that moves only when told to: simulated time in lockstep runs, injected time in tests.</summary>
/// <remarks>One writer; any number of readers.</remarks>
public sealed class ManualClock : IClock
{
    private long _nowNs;

    /// <summary>Starts at <paramref name="startNs"/>.</summary>
    public ManualClock(long startNs = 0) => _nowNs = startNs;

    /// <inheritdoc/>
    public long NowNs => Volatile.Read(ref _nowNs);

    /// <summary>Moves time forward by <paramref name="durationNs"/> nanoseconds (negative is our own mistake and refused).</summary>
    public void Advance(long durationNs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(durationNs);
        Volatile.Write(ref _nowNs, _nowNs + durationNs);
    }
}
