namespace Robotics.Models;

/// <summary>One rotor of a multirotor, as declared in robot.yaml.</summary>
/// <param name="PositionM">Hub in the body frame, m.</param>
/// <param name="ThrustDirection">Direction of the thrust in the body frame, unit length; normally (0, 0, 1).</param>
/// <param name="TorqueDirection">Direction of the drag torque on the body; (0, 0, 1) for a rotor that turns clockwise seen from above.</param>
/// <param name="ThrustCurveN">c0, c1, c2 of thrust = c0 + c1 u + c2 u^2, N, with u the rotor speed in the command's unit.</param>
/// <param name="TorqueConstantM">Drag torque over thrust, m.</param>
/// <param name="RiseTimeConstantS">First-order lag while speeding up, s.</param>
/// <param name="FallTimeConstantS">First-order lag while slowing down, s.</param>
public sealed record RotorParameters(
    Vector3<double> PositionM,
    Vector3<double> ThrustDirection,
    Vector3<double> TorqueDirection,
    Vector3<double> ThrustCurveN,
    double TorqueConstantM,
    double RiseTimeConstantS,
    double FallTimeConstantS
)
{
    /// <summary>Thrust, N, at the rotor speed <paramref name="speed"/>.</summary>
    public double ThrustAt(double speed) => ThrustCurveN.X + (speed * (ThrustCurveN.Y + (speed * ThrustCurveN.Z)));

    /// <summary>Rotor speed that gives <paramref name="thrustN"/>, on the rising branch of the curve; 0 where it needs none.</summary>
    /// <remarks>The form 2c / (b + sqrt(b^2 + 4ac)) of the quadratic's root also holds where c2 is 0 or negative.
    /// A thrust above the curve's vertex gives the vertex.</remarks>
    public double SpeedFor(double thrustN)
    {
        double missing = thrustN - ThrustCurveN.X;
        double discriminant = (ThrustCurveN.Y * ThrustCurveN.Y) + (4 * ThrustCurveN.Z * missing);
        double denominator = ThrustCurveN.Y + Math.Sqrt(Math.Max(0, discriminant));
        return missing <= 0 || denominator <= 0 ? 0 : 2 * missing / denominator;
    }
}
