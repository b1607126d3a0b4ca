using System.Numerics;

namespace Robotics.Models;

/// <summary>Everything a simulated quadrotor is, 17 values that move and 6 that hold for an episode.</summary>
public record struct QuadrotorState<T>
    where T : IFloatingPointIeee754<T>
{
#pragma warning disable CA1051 // a plain value that integrators write component by component, by reference
    /// <summary>Position of the body in the world, m.</summary>
    public Vector3<T> Position;

    /// <summary>Orientation, body to world, unit.</summary>
    public Quaternion<T> Orientation;

    /// <summary>Linear velocity, world frame, m/s.</summary>
    public Vector3<T> LinearVelocity;

    /// <summary>Angular velocity, body frame, rad/s.</summary>
    public Vector3<T> AngularVelocity;

    /// <summary>Rotor speeds in the unit of the thrust curve (rpm or throttle).</summary>
    public PerRotor<T> RotorSpeed;

    /// <summary>Disturbance force on the body, world frame, N; constant within an episode.</summary>
    public Vector3<T> DisturbanceForce;

    /// <summary>Disturbance torque on the body, body frame, N m; constant within an episode.</summary>
    public Vector3<T> DisturbanceTorque;
#pragma warning restore CA1051

    /// <summary>At rest and level at the origin, with rotors turning at <paramref name="rotorSpeed"/>.</summary>
    public static QuadrotorState<T> AtRest(T rotorSpeed) =>
        new() { Orientation = Quaternion<T>.Identity, RotorSpeed = PerRotor<T>.All(rotorSpeed) };
}
