namespace Robotics.Safety;

/// <summary>The velocity loop of a hovering vehicle: a* = k(v* − v) + i, in the world frame, inside what the vehicle can do.</summary>
/// <remarks>Control thread only; allocates nothing.</remarks>
internal sealed class VelocityTracking(int[]? velocity, double gain, double horizontal, double vertical, double gravity, double periodS)
{
    private readonly double _integralGain = gain * gain / 4; // critically damped with the velocity loop
    private readonly double[] _integral = new double[3];

    /// <summary>Writes the wanted acceleration, m/s²; false where the vehicle does not know its velocity: then level, and sinking gently rather than climbing.</summary>
    public bool Track(BaselineInput input, bool inCharge, ReadOnlySpan<double> wanted, Span<double> acceleration)
    {
        if (velocity is null || !input.AreFresh(velocity))
        {
            acceleration.Clear();
            acceleration[2] = -0.05 * gravity;
            return false;
        }
        if (!inCharge)
            Release();
        for (int i = 0; i < 3; i++)
        {
            double error = wanted[i] - input.Values[velocity[i]];
            double limit = i == 2 ? vertical : horizontal;
            if (inCharge && Math.Abs(error) * gain < limit)
                _integral[i] = Math.Clamp(_integral[i] + (_integralGain * error * periodS), -0.5 * limit, 0.5 * limit);
            acceleration[i] = (gain * error) + _integral[i];
        }
        acceleration[2] = Math.Clamp(acceleration[2], -0.5 * gravity, vertical);
        double level = Math.Sqrt((acceleration[0] * acceleration[0]) + (acceleration[1] * acceleration[1]));
        double shrink = Math.Min(1, horizontal / Math.Max(level, 1e-9));
        acceleration[0] *= shrink;
        acceleration[1] *= shrink;
        return true;
    }

    /// <summary>Forgets the integral.</summary>
    public void Release() => Array.Clear(_integral);
}
