namespace Robotics.Policies;

/// <summary>Runs a policy faster than it was trained: native steps at the trained rate advance its recurrent state, steps in between run
/// on a copy of it.</summary>
/// <remarks>
/// <para>Control thread; allocates nothing after construction. A native step is made on the first call after a reset, when the native
/// interval has passed since the last one, or, where <c>callsPerNative</c> is given, on every such call whatever the time.</para>
/// <para>A task whose observation holds past actions gives <see cref="MeanAction"/> to its history at every native step: the mean of the
/// actions since the last one (the deployment rule of arXiv 2311.13081's controller and of upstream's executor, facts/quadrotor 1.7).</para>
/// </remarks>
public sealed class TwoRatePolicy
{
    private readonly PolicyNetwork _network;
    private readonly long _nativeNs;
    private readonly int _callsPerNative;
    private readonly float[] _state;
    private readonly float[] _actionSum;
    private readonly float[] _meanAction;
    private readonly IntervalWatch _native;
    private readonly IntervalWatch _calls;
    private long _lastCallNs;
    private long _lastNativeNs;
    private int _callsSinceNative;
    private bool _hasStarted;

    /// <summary>Runs <paramref name="network"/>, trained at <paramref name="nativeNs"/> per step, called every <paramref name="callNs"/>.</summary>
    /// <param name="callsPerNative">0: native steps by time; else by counting calls.</param>
    public TwoRatePolicy(PolicyNetwork network, long nativeNs, long callNs, int callsPerNative = 0)
    {
        _network = network ?? throw new ArgumentNullException(nameof(network));
        ArgumentOutOfRangeException.ThrowIfLessThan(nativeNs, callNs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(callNs);
        _nativeNs = nativeNs;
        _callsPerNative = callsPerNative;
        _state = new float[network.StateLength];
        _actionSum = new float[network.ActionLength];
        _meanAction = new float[network.ActionLength];
        _native = new IntervalWatch(nativeNs);
        _calls = new IntervalWatch(callNs);
    }

    /// <summary>What <see cref="TakeMeanAction"/> averaged last.</summary>
    public ReadOnlySpan<float> MeanAction => _meanAction;

    /// <summary>True where the next call at <paramref name="nowNs"/> would be a native step: the caller then updates its history from <see cref="TakeMeanAction"/> first.</summary>
    public bool IsNativeDue(long nowNs) =>
        !_hasStarted || (_callsPerNative > 0 ? _callsSinceNative >= _callsPerNative : nowNs - _lastNativeNs >= _nativeNs);

    /// <summary>Forgets recurrent state, time and actions: an episode starts.</summary>
    public void Reset()
    {
        _network.Reset();
        _hasStarted = false;
        _callsSinceNative = 0;
        Array.Clear(_actionSum);
        _native.Clear();
        _calls.Clear();
    }

    /// <summary>Averages the actions given since the last native step into <see cref="MeanAction"/>.</summary>
    /// <returns>False where there were none (right after a reset).</returns>
    public bool TakeMeanAction()
    {
        if (_callsSinceNative == 0)
            return false;
        for (int i = 0; i < _meanAction.Length; i++)
            _meanAction[i] = _actionSum[i] / _callsSinceNative;
        return true;
    }

    /// <summary>Computes the action at <paramref name="nowNs"/>, clamped to [-1, 1].</summary>
    /// <returns>False where the network refused or time ran backwards; the recurrent state is then as it was.</returns>
    public bool Act(long nowNs, ReadOnlySpan<float> observation, Span<float> action, out TwoRateStatus status)
    {
        status = Status(StepKind.None, isTimestampInvalid: _hasStarted && nowNs < _lastCallNs);
        if (status.IsTimestampInvalid)
            return false;
        bool isNative = IsNativeDue(nowNs);
        _network.SaveState(_state);
        bool acted = _network.Act(observation, action);
        if (!acted || !isNative)
            _network.RestoreState(_state);
        if (!acted)
            return false;
        for (int i = 0; i < action.Length; i++)
            action[i] = Math.Clamp(action[i], -1f, 1f);
        Count(nowNs, isNative, action);
        status = Status(isNative ? StepKind.Native : StepKind.Intermediate, isTimestampInvalid: false);
        return true;
    }

    private void Count(long nowNs, bool isNative, ReadOnlySpan<float> action)
    {
        if (_hasStarted)
            _calls.Add(nowNs - _lastCallNs);
        if (isNative)
        {
            if (_hasStarted)
                _native.Add(nowNs - _lastNativeNs);
            _lastNativeNs = nowNs;
            _callsSinceNative = 0;
            Array.Clear(_actionSum);
        }
        _lastCallNs = nowNs;
        _hasStarted = true;
        _callsSinceNative++;
        for (int i = 0; i < action.Length; i++)
            _actionSum[i] += action[i];
    }

    private TwoRateStatus Status(StepKind kind, bool isTimestampInvalid) =>
        new(kind, isTimestampInvalid, _native.IsJittery, _native.IsBiased, _calls.IsJittery, _calls.IsBiased);
}
