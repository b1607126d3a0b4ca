using Robotics.Models;

namespace Robotics.Drivers.Ros2;

/// <summary>Pose of one frame in another, T_PC: point in child to point in parent, p_P = R p_C + t.</summary>
/// <param name="Translation">Origin of the child in the parent, m.</param>
/// <param name="Rotation">Unit quaternion child to parent.</param>
public readonly record struct FrameTransform(Vector3<double> Translation, Quaternion<double> Rotation)
{
    /// <summary>The same frame.</summary>
    public static FrameTransform Identity => new(new Vector3<double>(0, 0, 0), Quaternion<double>.Identity);

    /// <summary>T_AC = T_AB T_BC.</summary>
    public FrameTransform Then(FrameTransform inner) =>
        new(Translation + Rotation.Rotate(inner.Translation), Product(Rotation, inner.Rotation).Normalised());

    /// <summary>T_CP.</summary>
    public FrameTransform Inverse()
    {
        var back = new Quaternion<double>(Rotation.W, -Rotation.X, -Rotation.Y, -Rotation.Z);
        return new FrameTransform(back.Rotate(-1.0 * Translation), back);
    }

    private static Quaternion<double> Product(Quaternion<double> a, Quaternion<double> b) =>
        new(
            (a.W * b.W) - (a.X * b.X) - (a.Y * b.Y) - (a.Z * b.Z),
            (a.W * b.X) + (a.X * b.W) + (a.Y * b.Z) - (a.Z * b.Y),
            (a.W * b.Y) - (a.X * b.Z) + (a.Y * b.W) + (a.Z * b.X),
            (a.W * b.Z) + (a.X * b.Y) - (a.Y * b.X) + (a.Z * b.W)
        );
}
