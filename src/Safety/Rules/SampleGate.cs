using Robotics.Core;

namespace Robotics.Safety;

/// <summary>First stage: decides per channel whether a sample may be believed, and keeps the last value that could.</summary>
/// <remarks>
/// <para>A value is rejected when it is not finite, when its time runs backwards or lies in the future, or when the orientation is no
/// rotation. A rejected value is replaced in the sample by the last good one with its old time, so it grows stale; three rejected
/// samples in a row count as stale at once (R3). Ages are counted on the receive clock.</para>
/// <para>Control thread only; allocates nothing.</para>
/// </remarks>
public sealed class SampleGate
{
    private const int RejectedInARow = 3; // R3
    private const float Absurd = 1e9f; // beyond any SI quantity of a robot: treated like infinity
    private const double NormTolerance = 0.1; // float32 rounding is 1e-6; 10 % is a corrupt quaternion

    private readonly long[] _maxAgeNs;
    private readonly int[] _stuckTicks;
    private readonly int[] _repeats;
    private readonly float[] _lastRaw;
    private readonly long[] _goodTimeNs;
    private readonly int[]? _orientation;
    private readonly long _futureToleranceNs;
    private readonly BaselineInput _good;
    private int _rejectedInARow;

    /// <summary>A gate that writes what it believes into <paramref name="good"/>.</summary>
    public SampleGate(SampleLimits limits, ChannelLayout state, long periodNs, BaselineInput good)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(state);
        _good = good ?? throw new ArgumentNullException(nameof(good));
        _maxAgeNs = [.. limits.MaxAgeNs];
        _stuckTicks = [.. limits.StuckTicks];
        _repeats = new int[state.Count];
        _lastRaw = new float[state.Count];
        _goodTimeNs = new long[state.Count];
        Array.Fill(_goodTimeNs, long.MinValue);
        Array.Fill(_lastRaw, float.NaN);
        _orientation = state.TryIndicesOf(ChannelNames.Orientation);
        _futureToleranceNs = periodNs; // a driver's receive stamp may be taken within the running tick
    }

    /// <summary>Inspects <paramref name="sample"/> at <paramref name="nowNs"/>, repairs rejected values in place, and refreshes the believed state.</summary>
    public SafetyCauses Inspect(SensorSample sample, long nowNs)
    {
        ArgumentNullException.ThrowIfNull(sample);
        SafetyCauses flags = sample.Status == ReadStatus.Faulted ? SafetyCauses.DriverFault : SafetyCauses.None;
        bool rotationIsGood = OrientationIsRotation(sample.Values);
        if (!rotationIsGood)
            flags |= SafetyCauses.NonFiniteSample;
        bool rejected = false;
        for (int i = 0; i < _maxAgeNs.Length; i++)
        {
            if (_maxAgeNs[i] == long.MaxValue)
                continue;
            flags |= InspectChannel(sample, i, nowNs, believe: rotationIsGood || !IsOrientation(i), out bool wrongTime);
            rejected |= wrongTime;
        }
        _rejectedInARow = rejected ? Math.Min(_rejectedInARow + 1, RejectedInARow) : 0;
        if (_rejectedInARow == RejectedInARow)
            flags |= SafetyCauses.StaleSample;
        _good.NowNs = nowNs;
        return flags;
    }

    private SafetyCauses InspectChannel(SensorSample sample, int i, long nowNs, bool believe, out bool wrongTime)
    {
        float value = sample.Values[i];
        long time = sample.TimesNs[i];
        SafetyCauses flags = SafetyCauses.None;
        wrongTime = time != long.MinValue && (time < _goodTimeNs[i] || time > nowNs + _futureToleranceNs);
        if (wrongTime)
            flags |= SafetyCauses.SampleTime;
        else if (time != long.MinValue && !(MathF.Abs(value) < Absurd)) // false for NaN and infinities too
            flags |= SafetyCauses.NonFiniteSample;
        else if (time != long.MinValue && believe)
            flags |= Accept(i, value, time);
        if (flags != SafetyCauses.None || !believe)
            Repair(sample, i);
        bool fresh = _goodTimeNs[i] != long.MinValue && nowNs - _goodTimeNs[i] <= _maxAgeNs[i];
        _good.Fresh[i] = fresh;
        return fresh ? flags : flags | SafetyCauses.StaleSample;
    }

    private SafetyCauses Accept(int i, float value, long time)
    {
        bool isNew = time > _goodTimeNs[i];
        if (isNew && _stuckTicks[i] > 0)
        {
            bool same = BitConverter.SingleToUInt32Bits(value) == BitConverter.SingleToUInt32Bits(_lastRaw[i]);
            _repeats[i] = same ? Math.Min(_repeats[i] + 1, _stuckTicks[i]) : 0;
            _lastRaw[i] = value;
        }
        _good.Values[i] = value;
        _goodTimeNs[i] = time;
        return _stuckTicks[i] > 0 && _repeats[i] >= _stuckTicks[i] ? SafetyCauses.StuckSensor : SafetyCauses.None;
    }

    private void Repair(SensorSample sample, int i)
    {
        if (_goodTimeNs[i] == long.MinValue)
            return;
        sample.Values[i] = _good.Values[i];
        sample.TimesNs[i] = _goodTimeNs[i];
    }

    private bool OrientationIsRotation(ReadOnlySpan<float> values)
    {
        if (_orientation is null)
            return true;
        double norm = 0;
        foreach (int i in _orientation)
            norm += (double)values[i] * values[i];
        return double.IsNaN(norm) || Math.Abs(norm - 1) <= NormTolerance; // NaN (also: never sampled) is judged channel by channel
    }

    private bool IsOrientation(int channel) => _orientation is not null && Array.IndexOf(_orientation, channel) >= 0;
}
