namespace Robotics.Safety;

/// <summary>Turns a collective thrust and a body torque into four rotor thrusts inside their limits.</summary>
/// <remarks>
/// <para>Rows of the effectiveness matrix: f = Σtᵢ, τ_x = Σy_i tᵢ, τ_y = −Σx_i tᵢ, τ_z = Σsᵢk_m tᵢ; it is inverted once.</para>
/// <para>Priority when the limits bind: roll and pitch, then collective, then yaw: a vehicle that cannot hold its attitude cannot
/// use its thrust either, and yaw never keeps a vehicle in the air.</para>
/// </remarks>
public sealed class RotorMixer
{
    private const int Rotors = 4;
    private readonly double[,] _inverse;
    private readonly double _min;
    private readonly double _max;

    /// <summary>A mixer for rotors at (<paramref name="x"/>, <paramref name="y"/>), m, with yaw torque <paramref name="yawPerThrust"/> (signed, m) each.</summary>
    public RotorMixer(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> yawPerThrust, double minThrust, double maxThrust)
    {
        var matrix = new double[Rotors, Rotors];
        for (int i = 0; i < Rotors; i++)
        {
            matrix[0, i] = 1;
            matrix[1, i] = y[i];
            matrix[2, i] = -x[i];
            matrix[3, i] = yawPerThrust[i];
        }
        _inverse = Invert(matrix);
        _min = minThrust;
        _max = maxThrust;
    }

    /// <summary>Rotor thrusts, N, for <paramref name="collective"/> N and <paramref name="torque"/> N m (body frame, 3 values).</summary>
    public void Mix(double collective, ReadOnlySpan<double> torque, Span<double> thrusts)
    {
        Span<double> tilt = stackalloc double[Rotors];
        double low = double.MaxValue;
        double high = double.MinValue;
        for (int i = 0; i < Rotors; i++)
        {
            tilt[i] = (_inverse[i, 1] * torque[0]) + (_inverse[i, 2] * torque[1]);
            low = Math.Min(low, tilt[i]);
            high = Math.Max(high, tilt[i]);
        }
        double scale = Math.Min(1, (_max - _min) / Math.Max(high - low, 1e-12));
        double share = Math.Clamp(collective / Rotors, _min - (scale * low), Math.Max(_min - (scale * low), _max - (scale * high)));
        double yaw = 1;
        for (int i = 0; i < Rotors; i++)
        {
            thrusts[i] = share + (scale * tilt[i]);
            double turn = _inverse[i, 3] * torque[2];
            double room = turn > 0 ? _max - thrusts[i] : thrusts[i] - _min;
            yaw = Math.Min(yaw, Math.Max(0, room) / Math.Max(Math.Abs(turn), 1e-12));
        }
        for (int i = 0; i < Rotors; i++)
            thrusts[i] = Math.Clamp(thrusts[i] + (yaw * _inverse[i, 3] * torque[2]), _min, _max);
    }

    // Gauss-Jordan with partial pivoting; a singular layout (rotors on one line) gives non-finite entries, which validation refuses.
    private static double[,] Invert(double[,] m)
    {
        var inverse = new double[Rotors, Rotors];
        for (int i = 0; i < Rotors; i++)
            inverse[i, i] = 1;
        for (int column = 0; column < Rotors; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < Rotors; row++)
                pivot = Math.Abs(m[row, column]) > Math.Abs(m[pivot, column]) ? row : pivot;
            for (int k = 0; k < Rotors; k++)
            {
                (m[column, k], m[pivot, k]) = (m[pivot, k], m[column, k]);
                (inverse[column, k], inverse[pivot, k]) = (inverse[pivot, k], inverse[column, k]);
            }
            Eliminate(m, inverse, column);
        }
        return inverse;
    }

    private static void Eliminate(double[,] m, double[,] inverse, int column)
    {
        double diagonal = m[column, column];
        for (int k = 0; k < Rotors; k++)
        {
            m[column, k] /= diagonal;
            inverse[column, k] /= diagonal;
        }
        for (int row = 0; row < Rotors; row++)
        {
            double factor = row == column ? 0 : m[row, column];
            for (int k = 0; k < Rotors; k++)
            {
                m[row, k] -= factor * m[column, k];
                inverse[row, k] -= factor * inverse[column, k];
            }
        }
    }
}
