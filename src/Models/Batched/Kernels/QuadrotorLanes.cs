namespace Robotics.Models;

/// <summary>Constants of <see cref="QuadrotorKernel{S, V}"/> for one airframe and one step length, each broadcast to all lanes.</summary>
internal sealed class QuadrotorLanes<S, V>
    where S : struct, IWide<V>
    where V : struct
{
    public readonly V Step, HalfStep, InverseHalfStep, SixthStep, SixthStepSquared, HalfStepSquared;
    public readonly V Gravity, InverseMass, TwoOverMass, Minimum, Maximum;
    public readonly V Torque0, Torque1, Torque2, Gyro0, Gyro1, Gyro2;
    public readonly RotorLanes<S, V> Rotor0, Rotor1, Rotor2, Rotor3;
    public readonly LagCoefficient<V> Lag2, Lag3, Lag4, LagEnd;

    public QuadrotorLanes(QuadrotorParameters p, double dt)
    {
        Step = All(dt);
        HalfStep = All(dt / 2);
        InverseHalfStep = All(2 / dt);
        SixthStep = All(dt / 6);
        SixthStepSquared = All(dt * dt / 6);
        HalfStepSquared = All(dt * dt / 2);
        Gravity = All(-p.GravityMS2);
        InverseMass = All(1 / p.MassKg);
        TwoOverMass = All(2 / p.MassKg);
        Minimum = All(p.CommandMinimum);
        Maximum = All(p.CommandMaximum);

        // W = dt/2 w, so a torque in N m moves W by dt * dt/2 * J^-1 within a step.
        Vector3<double> torque = dt * dt / 2 * p.InverseInertia;
        (Torque0, Torque1, Torque2) = (All(torque.X), All(torque.Y), All(torque.Z));
        // -J^-1 (w x J w) in W: the factor dt * dt/2 * (2/dt)^2 = 2 remains.
        Gyro0 = All(2 * p.InverseInertia.X * (p.InertiaKgM2.Y - p.InertiaKgM2.Z));
        Gyro1 = All(2 * p.InverseInertia.Y * (p.InertiaKgM2.Z - p.InertiaKgM2.X));
        Gyro2 = All(2 * p.InverseInertia.Z * (p.InertiaKgM2.X - p.InertiaKgM2.Y));
        Rotor0 = new RotorLanes<S, V>(p.Rotors[0], torque);
        Rotor1 = new RotorLanes<S, V>(p.Rotors[1], torque);
        Rotor2 = new RotorLanes<S, V>(p.Rotors[2], torque);
        Rotor3 = new RotorLanes<S, V>(p.Rotors[3], torque);

        // Runge-Kutta on u' = (s - u)/tau with z = dt/tau; the sign of s - u holds within the step as long as z <= 1.
        Lag2 = LagCoefficient<V>.Of<S>(p, dt, z => z / 2);
        Lag3 = LagCoefficient<V>.Of<S>(p, dt, z => z / 2 * (1 - (z / 2)));
        Lag4 = LagCoefficient<V>.Of<S>(p, dt, z => z * (1 - (z / 2) + (z * z / 4)));
        LagEnd = LagCoefficient<V>.Of<S>(p, dt, z => z - (z * z / 2) + (z * z * z / 6) - (z * z * z * z / 24));
    }

    public static V All(double value) => S.All((float)value);
}
