namespace Robotics.Safety;

/// <summary>From the world into the body of a vehicle whose orientation is in its state channels.</summary>
internal static class BodyAxes
{
    /// <summary>Rotates <paramref name="a"/> (world, m/s²) into the body, normalises it, and returns its part along the body's z axis, m/s².</summary>
    /// <param name="input">The vehicle.</param>
    /// <param name="orientation">Channels of its quaternion, w x y z, body to world.</param>
    /// <param name="a">In: world; out: unit vector in the body.</param>
    public static double Direct(BaselineInput input, ReadOnlySpan<int> orientation, Span<double> a)
    {
        double w = input.Values[orientation[0]];
        double x = input.Values[orientation[1]];
        double y = input.Values[orientation[2]];
        double z = input.Values[orientation[3]];
        double bx = ((1 - (2 * ((y * y) + (z * z)))) * a[0]) + (2 * ((x * y) + (w * z)) * a[1]) + (2 * ((x * z) - (w * y)) * a[2]);
        double by = (2 * ((x * y) - (w * z)) * a[0]) + ((1 - (2 * ((x * x) + (z * z)))) * a[1]) + (2 * ((y * z) + (w * x)) * a[2]);
        double bz = (2 * ((x * z) + (w * y)) * a[0]) + (2 * ((y * z) - (w * x)) * a[1]) + ((1 - (2 * ((x * x) + (y * y)))) * a[2]);
        double norm = Math.Max(Math.Sqrt((bx * bx) + (by * by) + (bz * bz)), 1e-9);
        a[0] = bx / norm;
        a[1] = by / norm;
        a[2] = bz / norm;
        return bz;
    }
}
