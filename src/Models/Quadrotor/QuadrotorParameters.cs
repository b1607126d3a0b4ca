using Robotics.Configuration;

namespace Robotics.Models;

/// <summary>A rigid body with four rotors: the <c>airframe</c> section of robot.yaml.</summary>
/// <remarks>
/// Frames are REP-103 (x forward, y left, z up). The inertia is diagonal: body axes are principal axes. Inertia and its
/// inverse are both declared because one published airframe (x500-real) was flown with an inverse that does not belong to
/// its inertia, and a published trajectory is only met with the published numbers. Immutable.
/// </remarks>
public sealed class QuadrotorParameters
{
    /// <summary>Number of rotors.</summary>
    public const int RotorCount = 4;

    private const double Largest = 1e9; // beyond any rigid body; keeps products finite in float

    /// <summary>Mass, kg.</summary>
    public required double MassKg { get; init; }

    /// <summary>Diagonal of the inertia, kg m^2: multiplies w in the gyroscopic term.</summary>
    public required Vector3<double> InertiaKgM2 { get; init; }

    /// <summary>Diagonal of the inverse inertia, 1/(kg m^2): multiplies torques.</summary>
    public required Vector3<double> InverseInertia { get; init; }

    /// <summary>Downward acceleration, m/s^2, positive.</summary>
    public required double GravityMS2 { get; init; }

    /// <summary>Unit of rotor speed and set-point: <c>rpm</c>, or <c>1</c> for throttle.</summary>
    public required string CommandUnit { get; init; }

    /// <summary>Least legal set-point, in <see cref="CommandUnit"/>.</summary>
    public required double CommandMinimum { get; init; }

    /// <summary>Greatest legal set-point, in <see cref="CommandUnit"/>.</summary>
    public required double CommandMaximum { get; init; }

    /// <summary>The rotors in the order of the command channels.</summary>
    public required IReadOnlyList<RotorParameters> Rotors { get; init; }

    /// <summary>Weight, N.</summary>
    public double WeightN => MassKg * GravityMS2;

    /// <summary>The set-point of all rotors at which their vertical thrusts carry the weight, in <see cref="CommandUnit"/>.</summary>
    /// <remarks>Solved at each call (60 halvings, no allocation): keep it where it is needed often.</remarks>
    public double HoverSetpoint => SolveHover();

    /// <summary>Vertical thrust of all rotors at <paramref name="setpoint"/>, level body, N.</summary>
    public double TotalThrustN(double setpoint)
    {
        double thrust = 0;
        for (int i = 0; i < Rotors.Count; i++)
            thrust += Rotors[i].ThrustAt(setpoint) * Rotors[i].ThrustDirection.Z;
        return thrust;
    }

    /// <summary>Reads the <c>airframe</c> mapping; problems go to its document.</summary>
    public static QuadrotorParameters Read(ConfigMap airframe)
    {
        ArgumentNullException.ThrowIfNull(airframe);
        ConfigMap command = airframe.Map("command");
        double minimum = command.Number("minimum", -Largest, Largest);
        var parameters = new QuadrotorParameters
        {
            MassKg = airframe.Number("mass_kg", 1e-4, 1e4),
            GravityMS2 = airframe.Number("gravity_m_s2", 0, 100),
            InertiaKgM2 = ReadVector(airframe, "inertia_kg_m2", 1e-12, Largest),
            InverseInertia = ReadVector(airframe, "inverse_inertia_1_kg_m2", 1e-12, 1e12),
            CommandUnit = command.OneOf("unit", ["rpm", "1"]),
            CommandMinimum = minimum,
            CommandMaximum = command.Number("maximum", minimum, Largest),
            Rotors = ReadRotors(airframe),
        };
        parameters.CheckHover(airframe);
        return parameters;
    }

    private static RotorParameters[] ReadRotors(ConfigMap airframe)
    {
        RotorParameters common = ReadRotor(airframe.Map("every_rotor"), null);
        IReadOnlyList<ConfigMap> maps = airframe.Maps("rotors");
        if (maps.Count != RotorCount && airframe.Has("rotors"))
            airframe.AddProblem("rotors", $"{maps.Count} rotors; a quadrotor has {RotorCount}, in the order of its command channels");
        var rotors = new RotorParameters[RotorCount];
        for (int i = 0; i < RotorCount; i++)
            rotors[i] = i < maps.Count ? ReadRotor(maps[i], common) : common;
        return rotors;
    }

    // What every rotor shares stands once under every_rotor; a rotor's own entry overrides it.
    private static RotorParameters ReadRotor(ConfigMap map, RotorParameters? common)
    {
        bool own = common is not null;
        return new RotorParameters(
            own ? ReadVector(map, "position_m", -100, 100) : default,
            ReadVector(map, "thrust_direction", -1, 1, common?.ThrustDirection ?? new(0, 0, 1)),
            own ? ReadVector(map, "torque_direction", -1, 1) : default,
            ReadVector(map, "thrust_curve_n", -Largest, Largest, common?.ThrustCurveN),
            map.Number("torque_constant_m", 0, 100, common?.TorqueConstantM),
            map.Number("rise_time_constant_s", 1e-4, 100, common?.RiseTimeConstantS),
            map.Number("fall_time_constant_s", 1e-4, 100, common?.FallTimeConstantS)
        );
    }

    private static Vector3<double> ReadVector(ConfigMap map, string key, double min, double max, Vector3<double>? fallback = null)
    {
        double[] v = map.Vector(key, 3, min, max, fallback is { } f ? [f.X, f.Y, f.Z] : null);
        return new Vector3<double>(v[0], v[1], v[2]);
    }

    private void CheckHover(ConfigMap airframe)
    {
        if (TotalThrustN(CommandMaximum) < WeightN && airframe.Document.Problems.Count == 0)
            airframe.AddProblem("every_rotor", FormattableString.Invariant(
                $"all rotors at {CommandMaximum} {CommandUnit} give {TotalThrustN(CommandMaximum):G4} N, less than the weight of {WeightN:G4} N: it cannot fly"));
    }

    // Bisection: the curves of the rotors may differ, and 60 halvings end below double precision.
    private double SolveHover()
    {
        double low = CommandMinimum;
        double high = CommandMaximum;
        for (int i = 0; i < 60; i++)
        {
            double middle = 0.5 * (low + high);
            if (TotalThrustN(middle) < WeightN)
                low = middle;
            else
                high = middle;
        }
        return 0.5 * (low + high);
    }
}
