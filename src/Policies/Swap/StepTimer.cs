namespace Robotics.Policies;

/// <summary>Watches the times at which a policy is asked: at its native rate, which it was trained at, and in between.</summary>
/// <remarks>Control thread; allocates nothing after construction. Times are those of the samples the policy acts on: an old or repeated
/// sample is an interval like any other, and one from the past is outside every band.</remarks>
public sealed class StepTimer
{
    private readonly IntervalWatch _native;
    private readonly IntervalWatch _all;
    private readonly bool _hasIntermediate;
    private long _lastNativeNs;
    private long _lastNs;
    private bool _hasStarted;

    /// <summary>A timer that expects a native step every <paramref name="nativeNs"/> and, with those in between, one every <paramref name="stepNs"/>.</summary>
    public StepTimer(long nativeNs, long stepNs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepNs);
        ArgumentOutOfRangeException.ThrowIfLessThan(nativeNs, stepNs);
        _native = new IntervalWatch(nativeNs);
        _all = new IntervalWatch(stepNs);
        _hasIntermediate = stepNs < nativeNs;
    }

    /// <summary>Native steps since start.</summary>
    public long NativeSteps { get; private set; }

    /// <summary>Steps in between since start.</summary>
    public long IntermediateSteps { get; private set; }

    /// <summary>How well they keep time since the episode began.</summary>
    public StepTiming Timing =>
        (_native.IsJittery ? StepTiming.NativeJitter : 0) | (_native.IsBiased ? StepTiming.NativeBias : 0)
        | (_hasIntermediate && _all.IsJittery ? StepTiming.StepJitter : 0) | (_hasIntermediate && _all.IsBiased ? StepTiming.StepBias : 0);

    /// <summary>A native step is made on a sample of <paramref name="timeNs"/>.</summary>
    public void Native(long timeNs)
    {
        if (_hasStarted)
        {
            _native.Add(timeNs - _lastNativeNs);
            _all.Add(timeNs - _lastNs);
        }
        (_lastNativeNs, _lastNs, _hasStarted) = (timeNs, timeNs, true);
        NativeSteps++;
    }

    /// <summary>A step in between is made on a sample of <paramref name="timeNs"/>.</summary>
    public void Intermediate(long timeNs)
    {
        _all.Add(timeNs - _lastNs);
        _lastNs = timeNs;
        IntermediateSteps++;
    }

    /// <summary>Forgets the intervals: an episode starts.</summary>
    public void Clear()
    {
        _hasStarted = false;
        _native.Clear();
        _all.Clear();
    }
}
