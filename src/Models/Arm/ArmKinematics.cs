namespace Robotics.Models;

/// <summary>Forward kinematics, geometric Jacobian and inverse kinematics of the six-joint arm.</summary>
/// <remarks>
/// With φ₁ = q₂, φ₂ = q₂ + q₃ + π/2, φ₃ = φ₂ + q₄ the angles of upper arm, forearm and tool from the vertical, leaning forward:
/// r = o + L₁ sin φ₁ + L₂ sin φ₂ + L₃ sin φ₃, z = h + L₁ cos φ₁ + L₂ cos φ₂ + L₃ cos φ₃, p = R_z(q₁) (r, 0, z),
/// R = R_z(q₁) R_y(φ₃) R_z(q₅). The tool points down at φ₃ = π, where R = R_z(q₁ − q₅) R_y(π): its yaw is q₁ − q₅.
/// Angles rad, lengths m, base frame. Immutable; any thread; allocates nothing.
/// </remarks>
public sealed class ArmKinematics(ArmParameters arm)
{
    private const int N = ArmParameters.ToolJoints;
    private const int Rows = 6;

    // Damping of the pseudo-inverse; a hundredth of the well-conditioned singular values (0.1-1 m/rad) leaves 1 % that feedback takes out.
    private const double Damping = 0.01;

    /// <summary>The arm.</summary>
    public ArmParameters Arm => arm;

    /// <summary>Position of the tool's tip.</summary>
    public Vector3<double> Tip(ReadOnlySpan<double> q)
    {
        (double a1, double a2, double a3) = Directions(q);
        double r = arm.ShoulderOffset + (arm.UpperArm * Math.Sin(a1)) + (arm.Forearm * Math.Sin(a2)) + (arm.Tool * Math.Sin(a3));
        double z = arm.ShoulderHeight + (arm.UpperArm * Math.Cos(a1)) + (arm.Forearm * Math.Cos(a2)) + (arm.Tool * Math.Cos(a3));
        return new Vector3<double>(r * Math.Cos(q[0]), r * Math.Sin(q[0]), z);
    }

    /// <summary>Angle of the tool from straight down, rad; positive leans it outwards.</summary>
    public double Tilt(ReadOnlySpan<double> q) => Math.PI - Directions(q).Tool;

    /// <summary>Yaw of a tool that points down.</summary>
    public static double Yaw(ReadOnlySpan<double> q) => q[0] - q[4];

    /// <summary>Geometric Jacobian at the tip, [6, 5] row by row: linear velocity (m/rad), then angular velocity, both in the base frame.</summary>
    public void Jacobian(ReadOnlySpan<double> q, Span<double> j)
    {
        (double a1, double a2, double a3) = Directions(q);
        (double s, double c) = Math.SinCos(q[0]);
        Vector3<double> tip = Tip(q);
        double r1 = arm.ShoulderOffset, z1 = arm.ShoulderHeight;
        double r2 = r1 + (arm.UpperArm * Math.Sin(a1)), z2 = z1 + (arm.UpperArm * Math.Cos(a1));
        double r3 = r2 + (arm.Forearm * Math.Sin(a2)), z3 = z2 + (arm.Forearm * Math.Cos(a2));
        double r = r3 + (arm.Tool * Math.Sin(a3)), z = z3 + (arm.Tool * Math.Cos(a3));
        Column(j, 0, -tip.Y, tip.X, 0, 0, 0, 1);
        Pitch(j, 1, r - r1, z - z1, s, c);
        Pitch(j, 2, r - r2, z - z2, s, c);
        Pitch(j, 3, r - r3, z - z3, s, c);
        Column(j, 4, 0, 0, 0, Math.Sin(a3) * c, Math.Sin(a3) * s, Math.Cos(a3)); // about the tool's own axis: the tip stays
    }

    /// <summary>Joint velocities that give the tip <paramref name="twist"/> (linear m/s, angular rad/s, base frame, [6]) as well as five joints can:
    /// q' = (JᵀJ + λ²I)⁻¹ Jᵀ v (Wampler 1986, damped least squares).</summary>
    public void JointVelocities(ReadOnlySpan<double> q, ReadOnlySpan<double> twist, Span<double> velocities)
    {
        Span<double> j = stackalloc double[Rows * N];
        Span<double> a = stackalloc double[N * N];
        Jacobian(q, j);
        for (int m = 0; m < N; m++)
        {
            velocities[m] = 0;
            for (int k = 0; k < Rows; k++)
                velocities[m] += j[(k * N) + m] * twist[k];
            for (int n = 0; n < N; n++)
            {
                double sum = m == n ? Damping * Damping : 0;
                for (int k = 0; k < Rows; k++)
                    sum += j[(k * N) + m] * j[(k * N) + n];
                a[(m * N) + n] = sum;
            }
        }
        SolveCholesky(a, velocities);
    }

    /// <summary>Joints that put the tip at <paramref name="tip"/>, the tool pointing down at <paramref name="yaw"/>, elbow up. <paramref name="q"/> [5 or more].</summary>
    /// <returns>False where that is out of reach or beyond a joint's limit; <paramref name="q"/> is then left as it was.</returns>
    public bool TryInverse(Vector3<double> tip, double yaw, Span<double> q)
    {
        double pan = Math.Atan2(tip.Y, tip.X);
        double r = Math.Sqrt((tip.X * tip.X) + (tip.Y * tip.Y)) - arm.ShoulderOffset;
        double z = tip.Z + arm.Tool - arm.ShoulderHeight;
        double d2 = (r * r) + (z * z);
        double d = Math.Sqrt(d2);
        double bend = (d2 - (arm.UpperArm * arm.UpperArm) - (arm.Forearm * arm.Forearm)) / (2 * arm.UpperArm * arm.Forearm);
        double raise = (d2 + (arm.UpperArm * arm.UpperArm) - (arm.Forearm * arm.Forearm)) / (2 * arm.UpperArm * d);
        if (!(Math.Abs(bend) <= 1) || !(Math.Abs(raise) <= 1))
            return false;
        double a1 = Math.Atan2(r, z) - Math.Acos(raise);
        double a2 = a1 + Math.Acos(bend);
        ReadOnlySpan<double> found = [pan, a1, a2 - a1 - (Math.PI / 2), Math.PI - a2, pan - yaw];
        for (int i = 0; i < N; i++)
        {
            if (found[i] < arm.MinAngle[i] || found[i] > arm.MaxAngle[i])
                return false;
        }
        found.CopyTo(q);
        return true;
    }

    private static (double Upper, double Fore, double Tool) Directions(ReadOnlySpan<double> q)
    {
        double fore = q[1] + q[2] + (Math.PI / 2);
        return (q[1], fore, fore + q[3]);
    }

    // A rotation about the horizontal axis R_z(q1) y at height and radius of its joint: (dr, dz) is the lever to the tip.
    private static void Pitch(Span<double> j, int column, double dr, double dz, double s, double c) =>
        Column(j, column, dz * c, dz * s, -dr, -s, c, 0);

    private static void Column(Span<double> j, int column, double vx, double vy, double vz, double wx, double wy, double wz)
    {
        j[column] = vx;
        j[N + column] = vy;
        j[(2 * N) + column] = vz;
        j[(3 * N) + column] = wx;
        j[(4 * N) + column] = wy;
        j[(5 * N) + column] = wz;
    }

    // A = L Lᵀ in place, then two triangular solves; A is positive definite by its damping.
    private static void SolveCholesky(Span<double> a, Span<double> b)
    {
        for (int i = 0; i < N; i++)
        {
            for (int k = 0; k <= i; k++)
            {
                double sum = a[(i * N) + k];
                for (int m = 0; m < k; m++)
                    sum -= a[(i * N) + m] * a[(k * N) + m];
                a[(i * N) + k] = i == k ? Math.Sqrt(sum) : sum / a[(k * N) + k];
            }
        }
        for (int i = 0; i < N; i++)
        {
            for (int m = 0; m < i; m++)
                b[i] -= a[(i * N) + m] * b[m];
            b[i] /= a[(i * N) + i];
        }
        for (int i = N - 1; i >= 0; i--)
        {
            for (int m = i + 1; m < N; m++)
                b[i] -= a[(m * N) + i] * b[m];
            b[i] /= a[(i * N) + i];
        }
    }
}
