using System.Numerics;

namespace Robotics.Models;

/// <summary>Three components of a vector in a frame that its owner names.</summary>
public readonly record struct Vector3<T>(T X, T Y, T Z)
    where T : IFloatingPointIeee754<T>
{
    /// <summary>Sum of the squares.</summary>
    public T LengthSquared => (X * X) + (Y * Y) + (Z * Z);

    /// <summary>Component-wise sum.</summary>
    public static Vector3<T> operator +(Vector3<T> a, Vector3<T> b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    /// <summary>Component-wise difference.</summary>
    public static Vector3<T> operator -(Vector3<T> a, Vector3<T> b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    /// <summary>Scaled vector.</summary>
    public static Vector3<T> operator *(T s, Vector3<T> a) => new(s * a.X, s * a.Y, s * a.Z);

    /// <summary>Component-wise product, for diagonal matrices.</summary>
    public static Vector3<T> Scale(Vector3<T> a, Vector3<T> b) => new(a.X * b.X, a.Y * b.Y, a.Z * b.Z);

    /// <summary>a x b, right-handed.</summary>
    public static Vector3<T> Cross(Vector3<T> a, Vector3<T> b) =>
        new((a.Y * b.Z) - (a.Z * b.Y), (a.Z * b.X) - (a.X * b.Z), (a.X * b.Y) - (a.Y * b.X));

    /// <summary>Every component limited to +-<paramref name="limit"/>.</summary>
    public static Vector3<T> Clamp(Vector3<T> a, T limit) =>
        new(T.Clamp(a.X, -limit, limit), T.Clamp(a.Y, -limit, limit), T.Clamp(a.Z, -limit, limit));
}
