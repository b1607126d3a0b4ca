using Robotics.Core;

namespace Robotics.Safety;

/// <summary>Last stage before the driver: keeps a command inside its envelope and its changes inside their rates, whoever proposed it.</summary>
/// <remarks>
/// <para>With u the command, d = uₖ − uₖ₋₁ its step, r the rate and j the change of rate per tick: |d| ≤ r, |dₖ − dₖ₋₁| ≤ j, and
/// d + d²/(2j) ≤ D with D the distance to the envelope's edge, so that a command moving at full rate can still come to rest before the
/// edge; the three intervals always intersect once they did (proof in docs/safety.md).</para>
/// <para>Limits act on the previous command, not on the measured value, so lag does not make them stricter (as in ros2_control).
/// A value that is inside passes bit for bit. Inputs must be finite: the supervisor stops NaN before any limiter.</para>
/// </remarks>
public sealed class CommandLimiter
{
    private readonly float[] _min;
    private readonly float[] _max;
    private readonly double[] _step;
    private readonly double[] _stepChange;
    private readonly float[] _previous;
    private readonly double[] _previousStep;
    private bool _seeded;

    /// <summary>A limiter for a loop of period <paramref name="periodS"/>, not yet seeded.</summary>
    public CommandLimiter(CommandLimits limits, double periodS)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _min = [.. limits.Min];
        _max = [.. limits.Max];
        _step = [.. limits.RatePerS.Select(r => r * periodS)];
        _stepChange = [.. limits.RateChangePerS2.Select(c => c * periodS * periodS)];
        _previous = new float[_min.Length];
        _previousStep = new double[_min.Length];
    }

    /// <summary>Starts from <paramref name="measured"/> at rest: the first command after arming is limited too (R8).</summary>
    public void Seed(ReadOnlySpan<float> measured)
    {
        for (int i = 0; i < _previous.Length; i++)
            _previous[i] = Math.Clamp(measured[i], _min[i], _max[i]);
        Array.Clear(_previousStep);
        _seeded = true;
    }

    /// <summary>Limits <paramref name="values"/> in place; <paramref name="mask"/> has a bit per channel that was changed (channels from 64 on share the last bit).</summary>
    public SafetyCauses Limit(Span<float> values, out ulong mask)
    {
        SafetyCauses flags = SafetyCauses.None;
        mask = 0;
        for (int i = 0; i < values.Length; i++)
        {
            float wanted = values[i];
            float inside = Math.Clamp(wanted, _min[i], _max[i]);
            if (inside != wanted)
                flags |= SafetyCauses.Envelope;
            float allowed = _seeded ? LimitStep(i, inside) : inside;
            if (allowed != inside)
                flags |= SafetyCauses.Rate;
            if (allowed == wanted)
                continue; // bit for bit, also for −0
            values[i] = allowed;
            mask |= 1UL << Math.Min(i, 63);
        }
        return flags;
    }

    /// <summary>Remembers <paramref name="emitted"/> as the command that the next one is compared with.</summary>
    public void Commit(ReadOnlySpan<float> emitted)
    {
        for (int i = 0; i < _previous.Length; i++)
        {
            _previousStep[i] = _seeded ? (double)emitted[i] - _previous[i] : 0;
            _previous[i] = emitted[i];
        }
        _seeded = true;
    }

    private float LimitStep(int i, float inside)
    {
        if (double.IsPositiveInfinity(_step[i]) && double.IsPositiveInfinity(_stepChange[i]))
            return inside;
        double low = Math.Max(-_step[i], -Reach(_previous[i] - (double)_min[i], _stepChange[i]));
        double high = Math.Min(_step[i], Reach(_max[i] - (double)_previous[i], _stepChange[i]));
        low = Math.Min(high, Math.Max(low, _previousStep[i] - _stepChange[i]));
        high = Math.Max(low, Math.Min(high, _previousStep[i] + _stepChange[i]));
        double step = (double)inside - _previous[i];
        if (step >= low && step <= high)
            return inside;
        return Math.Clamp(Toward(_previous[i], Math.Clamp(step, low, high)), _min[i], _max[i]);
    }

    // The greatest step d with d + d²/(2j) ≤ D; D itself where the change of rate is free.
    private static double Reach(double distance, double stepChange)
    {
        if (distance <= 0)
            return 0;
        return double.IsPositiveInfinity(stepChange) ? distance : stepChange * (Math.Sqrt(1 + (2 * distance / stepChange)) - 1);
    }

    // Rounds towards the previous command, so that float rounding never exceeds the step.
    private static float Toward(float previous, double step)
    {
        double target = previous + step;
        float rounded = (float)target;
        if (step > 0 && rounded > target)
            return MathF.BitDecrement(rounded);
        return step < 0 && rounded < target ? MathF.BitIncrement(rounded) : rounded;
    }
}
