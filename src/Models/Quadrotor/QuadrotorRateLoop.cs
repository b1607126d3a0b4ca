namespace Robotics.Models;

/// <summary>The innermost loop of a flight controller: body rates and collective thrust into rotor set-points.</summary>
/// <remarks>
/// <code>
/// τ = J k (ω_sp − ω) + ω × J ω        (f, τ) = B T        T = B⁻¹ (f, τ)        u_i = c⁻¹(T_i)
/// </code>
/// B is the effectiveness of the rotors, c the thrust curve. With rotor lag τ_m the loop is τ_m s² + s + k = 0, so k = 1 / (2 τ_m)
/// gives the damping 1/√2. Where rotors saturate, roll and pitch keep priority over collective thrust, and yaw gives way first.
/// Used by the simulated driver's rate interface and by the emulated autopilot. Not thread-safe; does not allocate.
/// </remarks>
public sealed class QuadrotorRateLoop
{
    private const int N = QuadrotorParameters.RotorCount;
    private readonly QuadrotorParameters _parameters;
    private readonly double[] _inverse = new double[N * N];
    private readonly double[] _thrusts = new double[N];
    private readonly double _minimumThrust;
    private readonly double _maximumThrust;

    /// <summary>A loop for <paramref name="parameters"/>.</summary>
    /// <exception cref="ArgumentException">Its rotors cannot make three torques and a thrust independently.</exception>
    public QuadrotorRateLoop(QuadrotorParameters parameters)
    {
        _parameters = parameters ?? throw new ArgumentNullException(nameof(parameters));
        Gain = 0.5 / parameters.Rotors.Max(r => Math.Max(r.RiseTimeConstantS, r.FallTimeConstantS));
        _minimumThrust = parameters.Rotors.Max(r => Math.Max(0, r.ThrustAt(parameters.CommandMinimum)));
        _maximumThrust = parameters.Rotors.Min(r => r.ThrustAt(parameters.CommandMaximum));
        Invert(Effectiveness(parameters), _inverse);
    }

    /// <summary>k, 1/s: bandwidth of the rate loop.</summary>
    public double Gain { get; }

    /// <summary>Collective thrust, 0..1 of all rotors at their most, that carries the weight.</summary>
    public double HoverThrust => _parameters.WeightN / (N * _maximumThrust);

    /// <summary>Rotor set-points for body rates <paramref name="wanted"/> (rad/s) and <paramref name="collective"/> thrust (0..1), at body rates <paramref name="measured"/>.</summary>
    public void Solve(Vector3<double> wanted, double collective, Vector3<double> measured, Span<double> setpoints)
    {
        Vector3<double> inertia = InertiaOfInverse();
        Vector3<double> gyroscopic = Vector3<double>.Cross(measured, Vector3<double>.Scale(inertia, measured));
        Vector3<double> torque = (Gain * Vector3<double>.Scale(inertia, wanted - measured)) + gyroscopic;
        Mix(Math.Clamp(collective, 0, 1) * N * _maximumThrust, torque);
        for (int i = 0; i < N; i++)
            setpoints[i] = SetpointFor(_parameters.Rotors[i], _thrusts[i]);
    }

    // Torque acts through the inverse, so that is the inertia that counts (the two differ in one published airframe).
    private Vector3<double> InertiaOfInverse() =>
        new(1 / _parameters.InverseInertia.X, 1 / _parameters.InverseInertia.Y, 1 / _parameters.InverseInertia.Z);

    private void Mix(double force, Vector3<double> torque)
    {
        double low = double.MaxValue;
        double high = double.MinValue;
        for (int i = 0; i < N; i++)
        {
            _thrusts[i] = (At(i, 1) * torque.X) + (At(i, 2) * torque.Y);
            low = Math.Min(low, _thrusts[i]);
            high = Math.Max(high, _thrusts[i]);
        }
        double room = _maximumThrust - _minimumThrust;
        double scale = high - low > room ? room / (high - low) : 1;
        double share = Math.Clamp(At(0, 0) * force, _minimumThrust - (scale * low), _maximumThrust - (scale * high));
        double yaw = 1;
        for (int i = 0; i < N; i++)
        {
            _thrusts[i] = share + (scale * _thrusts[i]);
            double turn = At(i, 3) * torque.Z;
            double left = turn > 0 ? _maximumThrust - _thrusts[i] : _thrusts[i] - _minimumThrust;
            if (Math.Abs(turn) > left)
                yaw = Math.Min(yaw, Math.Max(0, left) / Math.Abs(turn));
        }
        for (int i = 0; i < N; i++)
            _thrusts[i] = Math.Clamp(_thrusts[i] + (yaw * At(i, 3) * torque.Z), _minimumThrust, _maximumThrust);
    }

    private double At(int row, int column) => _inverse[(row * N) + column];

    // c0 + c1 u + c2 u² = T for the rising branch; a curve without quadratic term is a line.
    private double SetpointFor(RotorParameters rotor, double thrust)
    {
        (double c0, double c1, double c2) = (rotor.ThrustCurveN.X, rotor.ThrustCurveN.Y, rotor.ThrustCurveN.Z);
        double u = Math.Abs(c2) < 1e-15
            ? (thrust - c0) / c1
            : (-c1 + Math.Sqrt(Math.Max(0, (c1 * c1) - (4 * c2 * (c0 - thrust))))) / (2 * c2);
        return Math.Clamp(u, _parameters.CommandMinimum, _parameters.CommandMaximum);
    }

    private static double[] Effectiveness(QuadrotorParameters p)
    {
        var b = new double[N * N];
        for (int i = 0; i < N; i++)
        {
            RotorParameters r = p.Rotors[i];
            Vector3<double> torque = (r.TorqueConstantM * r.TorqueDirection) + Vector3<double>.Cross(r.PositionM, r.ThrustDirection);
            b[i] = r.ThrustDirection.Z;
            b[N + i] = torque.X;
            b[(2 * N) + i] = torque.Y;
            b[(3 * N) + i] = torque.Z;
        }
        return b;
    }

    // Gauss-Jordan with partial pivoting.
    private static void Invert(double[] m, double[] inverse)
    {
        for (int i = 0; i < N; i++)
            inverse[(i * N) + i] = 1;
        for (int c = 0; c < N; c++)
        {
            int pivot = c;
            for (int r = c + 1; r < N; r++)
                pivot = Math.Abs(m[(r * N) + c]) > Math.Abs(m[(pivot * N) + c]) ? r : pivot;
            double diagonal = m[(pivot * N) + c];
            if (Math.Abs(diagonal) < 1e-12)
                throw new ArgumentException("the rotors cannot make thrust, roll, pitch and yaw independently");
            SwapAndScale(m, c, pivot, diagonal);
            SwapAndScale(inverse, c, pivot, diagonal);
            for (int r = 0; r < N; r++)
            {
                double factor = r == c ? 0 : m[(r * N) + c];
                Subtract(m, r, c, factor);
                Subtract(inverse, r, c, factor);
            }
        }
    }

    private static void SwapAndScale(double[] m, int row, int pivot, double divisor)
    {
        for (int k = 0; k < N; k++)
        {
            (m[(row * N) + k], m[(pivot * N) + k]) = (m[(pivot * N) + k], m[(row * N) + k]);
            m[(row * N) + k] /= divisor;
        }
    }

    private static void Subtract(double[] m, int row, int from, double factor)
    {
        for (int k = 0; k < N; k++)
            m[(row * N) + k] -= factor * m[(from * N) + k];
    }
}
