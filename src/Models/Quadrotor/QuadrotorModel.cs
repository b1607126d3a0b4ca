using System.Numerics;

namespace Robotics.Models;

/// <summary>Rigid-body dynamics of a quadrotor, integrated by the classic fourth-order Runge-Kutta method.</summary>
/// <remarks>
/// <code>
/// T_i = c0 + c1 u_i + c2 u_i²             f = Σ T_i d_i        τ = Σ (s_i κ_i T_i + r_i × T_i d_i)
/// p'  = v        q' = ½ q ⊗ (0, ω)        v' = R(q) f / m + g + F / m
/// ω'  = J⁻¹ (τ − ω × J ω) + J⁻¹ M         u_i' = (setpoint_i − u_i) / τ_i
/// </code>
/// τ_i is the rise constant where setpoint_i ≥ u_i and the fall constant otherwise, decided anew in every stage. No drag, no
/// ground effect. Source: Eschmann et al. 2024 (arXiv:2311.13081) and 2025 (arXiv:2509.11481). Immutable; safe from any thread.
/// </remarks>
#pragma warning disable RCS1242 // the state is 184 bytes and its fields are read directly, so passing by reference copies nothing
public sealed class QuadrotorModel<T>
    where T : IFloatingPointIeee754<T>
{
    // Keeps a diverged vehicle finite: the published simulator's own bound on position and velocities.
    private static readonly T s_stateLimit = T.CreateChecked(1e5);

    private readonly Rotor[] _rotors = new Rotor[QuadrotorParameters.RotorCount];
    private readonly T _inverseMass;
    private readonly Vector3<T> _inertia;
    private readonly Vector3<T> _inverseInertia;
    private readonly Vector3<T> _gravity;
    private readonly T _minimum;
    private readonly T _maximum;

    /// <summary>The model of <paramref name="parameters"/>.</summary>
    public QuadrotorModel(QuadrotorParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
        for (int i = 0; i < _rotors.Length; i++)
            _rotors[i] = new Rotor(parameters.Rotors[i]);
        _inverseMass = T.CreateChecked(1 / parameters.MassKg);
        _inertia = Convert(parameters.InertiaKgM2);
        _inverseInertia = Convert(parameters.InverseInertia);
        _gravity = Convert(new Vector3<double>(0, 0, -parameters.GravityMS2));
        _minimum = T.CreateChecked(parameters.CommandMinimum);
        _maximum = T.CreateChecked(parameters.CommandMaximum);
    }

    /// <summary>What is modelled.</summary>
    public QuadrotorParameters Parameters { get; }

    /// <summary>Advances <paramref name="state"/> by <paramref name="dt"/> seconds under constant <paramref name="setpoints"/>.</summary>
    /// <param name="state">Replaced by the state at the end of the step: unit quaternion, rotor speeds inside the command's limits.</param>
    /// <param name="setpoints">Four set-points in the command's unit; clamped to its limits.</param>
    /// <param name="dt">Step, s; the published recipes use 0.01.</param>
    public void Step(ref QuadrotorState<T> state, ReadOnlySpan<T> setpoints, T dt)
    {
        PerRotor<T> clamped = default;
        for (int i = 0; i < QuadrotorParameters.RotorCount; i++)
            clamped[i] = T.Clamp(setpoints[i], _minimum, _maximum);

        T half = dt / (T.One + T.One);
        Derivative(state, clamped, out QuadrotorState<T> k1);
        Derivative(Advanced(state, half, k1), clamped, out QuadrotorState<T> k2);
        Derivative(Advanced(state, half, k2), clamped, out QuadrotorState<T> k3);
        Derivative(Advanced(state, dt, k3), clamped, out QuadrotorState<T> k4);

        T two = T.One + T.One;
        T sixth = dt / (two * (two + T.One));
        state = Limited(Advanced(state, sixth, Advanced(Advanced(Advanced(k1, two, k2), two, k3), T.One, k4)));
    }

    /// <summary>Time derivative of <paramref name="x"/>; the disturbance of the result is 0 (it does not change).</summary>
    public void Derivative(in QuadrotorState<T> x, in PerRotor<T> setpoints, out QuadrotorState<T> derivative)
    {
        Vector3<T> force = default;
        Vector3<T> torque = default;
        derivative = default;
        for (int i = 0; i < QuadrotorParameters.RotorCount; i++)
        {
            ref readonly Rotor rotor = ref _rotors[i];
            T u = x.RotorSpeed[i];
            T thrust = rotor.C0 + (rotor.C1 * u) + (rotor.C2 * u * u);
            force += thrust * rotor.ForceOfThrust;
            torque += thrust * rotor.TorqueOfThrust;
            derivative.RotorSpeed[i] = (setpoints[i] - u) * (setpoints[i] >= u ? rotor.RiseRate : rotor.FallRate);
        }
        Vector3<T> w = x.AngularVelocity;
        Vector3<T> gyroscopic = Vector3<T>.Cross(w, Vector3<T>.Scale(_inertia, w));
        derivative.Position = x.LinearVelocity;
        derivative.Orientation = x.Orientation.Rate(w);
        derivative.LinearVelocity = (_inverseMass * (x.Orientation.Rotate(force) + x.DisturbanceForce)) + _gravity;
        derivative.AngularVelocity = Vector3<T>.Scale(_inverseInertia, torque - gyroscopic + x.DisturbanceTorque);
    }

    private static QuadrotorState<T> Advanced(in QuadrotorState<T> x, T step, in QuadrotorState<T> derivative)
    {
        QuadrotorState<T> y = x;
        y.Position += step * derivative.Position;
        y.Orientation += step * derivative.Orientation;
        y.LinearVelocity += step * derivative.LinearVelocity;
        y.AngularVelocity += step * derivative.AngularVelocity;
        for (int i = 0; i < QuadrotorParameters.RotorCount; i++)
            y.RotorSpeed[i] += step * derivative.RotorSpeed[i];
        return y;
    }

    private QuadrotorState<T> Limited(QuadrotorState<T> x)
    {
        x.Position = Vector3<T>.Clamp(x.Position, s_stateLimit);
        x.Orientation = x.Orientation.Normalised();
        x.LinearVelocity = Vector3<T>.Clamp(x.LinearVelocity, s_stateLimit);
        x.AngularVelocity = Vector3<T>.Clamp(x.AngularVelocity, s_stateLimit);
        for (int i = 0; i < QuadrotorParameters.RotorCount; i++)
            x.RotorSpeed[i] = T.Clamp(x.RotorSpeed[i], _minimum, _maximum);
        return x;
    }

    private static Vector3<T> Convert(Vector3<double> v) =>
        new(T.CreateChecked(v.X), T.CreateChecked(v.Y), T.CreateChecked(v.Z));

    // Thrust acts along fixed body directions, so force and torque per newton of thrust are constants of the rotor.
    private readonly struct Rotor(RotorParameters p)
    {
        public readonly T C0 = T.CreateChecked(p.ThrustCurveN.X);
        public readonly T C1 = T.CreateChecked(p.ThrustCurveN.Y);
        public readonly T C2 = T.CreateChecked(p.ThrustCurveN.Z);
        public readonly T RiseRate = T.CreateChecked(1 / p.RiseTimeConstantS);
        public readonly T FallRate = T.CreateChecked(1 / p.FallTimeConstantS);
        public readonly Vector3<T> ForceOfThrust = Convert(p.ThrustDirection);
        public readonly Vector3<T> TorqueOfThrust = Convert(
            (p.TorqueConstantM * p.TorqueDirection) + Vector3<double>.Cross(p.PositionM, p.ThrustDirection));
    }
}
