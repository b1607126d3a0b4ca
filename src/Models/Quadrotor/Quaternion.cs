using System.Numerics;

namespace Robotics.Models;

/// <summary>Hamilton quaternion (w, x, y, z) that turns body vectors into world vectors.</summary>
public readonly record struct Quaternion<T>(T W, T X, T Y, T Z)
    where T : IFloatingPointIeee754<T>
{
    /// <summary>No rotation.</summary>
    public static Quaternion<T> Identity => new(T.One, T.Zero, T.Zero, T.Zero);

    /// <summary>Component-wise sum, as an integrator needs it.</summary>
    public static Quaternion<T> operator +(Quaternion<T> a, Quaternion<T> b) =>
        new(a.W + b.W, a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    /// <summary>Component-wise scaling, as an integrator needs it.</summary>
    public static Quaternion<T> operator *(T s, Quaternion<T> a) => new(s * a.W, s * a.X, s * a.Y, s * a.Z);

    /// <summary>R(q) v = v + 2 w (u x v) + 2 u x (u x v) with u = (x, y, z); for a unit quaternion the rotated vector.</summary>
    /// <remarks>Not normalised inside, so that the stages of an integrator see what the reference simulator sees.</remarks>
    public Vector3<T> Rotate(Vector3<T> v)
    {
        T two = T.One + T.One;
        var u = new Vector3<T>(X, Y, Z);
        Vector3<T> uv = Vector3<T>.Cross(u, v);
        return v + ((two * W) * uv) + (two * Vector3<T>.Cross(u, uv));
    }

    /// <summary>q' = 1/2 q (x) (0, w) for the body angular velocity <paramref name="w"/>, rad/s.</summary>
    public Quaternion<T> Rate(Vector3<T> w)
    {
        T half = T.One / (T.One + T.One);
        return new(
            half * ((-X * w.X) - (Y * w.Y) - (Z * w.Z)),
            half * ((W * w.X) + (Y * w.Z) - (Z * w.Y)),
            half * ((W * w.Y) + (Z * w.X) - (X * w.Z)),
            half * ((W * w.Z) + (X * w.Y) - (Y * w.X))
        );
    }

    /// <summary>The unit quaternion of the same direction; identity where all components are 0.</summary>
    public Quaternion<T> Normalised()
    {
        T norm = T.Sqrt((W * W) + (X * X) + (Y * Y) + (Z * Z));
        return norm > T.Zero ? new(W / norm, X / norm, Y / norm, Z / norm) : Identity;
    }
}
