using Robotics.Models;

namespace Robotics.Safety;

/// <summary>What the quadrotor baseline must know of its vehicle. Immutable, SI; set-points in the unit of the thrust curve.</summary>
public sealed record QuadrotorAirframe
{
    /// <summary>Mass, kg.</summary>
    public required double Mass { get; init; }

    /// <summary>Gravity, m/s².</summary>
    public required double Gravity { get; init; }

    /// <summary>Diagonal of the inertia, kg m².</summary>
    public required double[] Inertia { get; init; }

    /// <summary>Rotor positions forward, m, in the order of the command channels.</summary>
    public required double[] X { get; init; }

    /// <summary>Rotor positions to the left, m.</summary>
    public required double[] Y { get; init; }

    /// <summary>Yaw torque per thrust, signed, m.</summary>
    public required double[] YawPerThrust { get; init; }

    /// <summary>Thrust of one rotor c₀ + c₁u + c₂u², N.</summary>
    public required double[] ThrustCurve { get; init; }

    /// <summary>Time constant of a rotor speeding up, s.</summary>
    public required double RiseTime { get; init; }

    /// <summary>Time constant of a rotor slowing down, s.</summary>
    public required double FallTime { get; init; }

    /// <summary>Least set-point.</summary>
    public required double MinSetPoint { get; init; }

    /// <summary>Greatest set-point.</summary>
    public required double MaxSetPoint { get; init; }

    /// <summary>What <paramref name="parameters"/> mean to the baseline. Rotors that differ count by their mean curve: the feedback takes the rest.</summary>
    public static QuadrotorAirframe From(QuadrotorParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        IReadOnlyList<RotorParameters> rotors = parameters.Rotors;
        return new QuadrotorAirframe
        {
            Mass = parameters.MassKg,
            Gravity = parameters.GravityMS2,
            // By the inverse: it is what turns torque into acceleration, and one published airframe's inertia is a misprint.
            Inertia = [1 / parameters.InverseInertia.X, 1 / parameters.InverseInertia.Y, 1 / parameters.InverseInertia.Z],
            X = [.. rotors.Select(r => r.PositionM.X)],
            Y = [.. rotors.Select(r => r.PositionM.Y)],
            YawPerThrust = [.. rotors.Select(r => r.TorqueDirection.Z * r.TorqueConstantM)],
            ThrustCurve =
            [
                rotors.Average(r => r.ThrustCurveN.X * r.ThrustDirection.Z),
                rotors.Average(r => r.ThrustCurveN.Y * r.ThrustDirection.Z),
                rotors.Average(r => r.ThrustCurveN.Z * r.ThrustDirection.Z),
            ],
            RiseTime = rotors.Max(r => r.RiseTimeConstantS),
            FallTime = rotors.Max(r => r.FallTimeConstantS),
            MinSetPoint = parameters.CommandMinimum,
            MaxSetPoint = parameters.CommandMaximum,
        };
    }

    /// <summary>Weight, N.</summary>
    public double Weight => Mass * Gravity;

    /// <summary>Thrust of one rotor at set-point <paramref name="u"/>, N.</summary>
    public double Thrust(double u) => ThrustCurve[0] + (u * (ThrustCurve[1] + (u * ThrustCurve[2])));

    /// <summary>Set-point at which one rotor gives <paramref name="thrust"/> N, clamped to its limits.</summary>
    /// <remarks>The curve is taken as growing over the whole range of set-points, which validation checks.</remarks>
    public double SetPoint(double thrust)
    {
        double c = ThrustCurve[0] - thrust;
        double b = ThrustCurve[1];
        double a = ThrustCurve[2];
        double u = Math.Abs(a) < 1e-30 ? -c / b : -2 * c / (b + Math.Sqrt(Math.Max(0, (b * b) - (4 * a * c))));
        return double.IsFinite(u) ? Math.Clamp(u, MinSetPoint, MaxSetPoint) : MinSetPoint;
    }
}
