using System.Globalization;
using Robotics.Tests.Shared;

namespace Robotics.Models.Tests;

/// <summary>The published simulator's own trajectory of the learning-to-fly Crazyflie, in double precision.</summary>
internal static class ReferenceTrajectory
{
    // Recorded under a constant disturbance (facts of the data set).
    public static readonly Vector3<double> Force = new(0.01, -0.005, 0.002);
    public static readonly Vector3<double> Torque = new(1e-5, -2e-5, 5e-6);

    /// <summary>One row per step: step, a(4), p(3), q(4), v(3), w(3), rpm(4), reward, terminated_next.</summary>
    public static double[][] Load()
    {
        string[] lines = File.ReadAllLines(SharedData.Require("quadrotor/ltf_crazyflie_double.csv"));
        return [.. lines.Skip(1).Select(l => l.Split(',').Select(t => double.Parse(t, CultureInfo.InvariantCulture)).ToArray())];
    }

    public static QuadrotorState<double> State(double[] row)
    {
        var state = new QuadrotorState<double>
        {
            Position = new(row[5], row[6], row[7]),
            Orientation = new(row[8], row[9], row[10], row[11]),
            LinearVelocity = new(row[12], row[13], row[14]),
            AngularVelocity = new(row[15], row[16], row[17]),
            DisturbanceForce = Force,
            DisturbanceTorque = Torque,
        };
        for (int i = 0; i < 4; i++)
            state.RotorSpeed[i] = row[18 + i];
        return state;
    }

    public static double[] Values(QuadrotorState<double> s) =>
    [
        s.Position.X, s.Position.Y, s.Position.Z,
        s.Orientation.W, s.Orientation.X, s.Orientation.Y, s.Orientation.Z,
        s.LinearVelocity.X, s.LinearVelocity.Y, s.LinearVelocity.Z,
        s.AngularVelocity.X, s.AngularVelocity.Y, s.AngularVelocity.Z,
        s.RotorSpeed[0], s.RotorSpeed[1], s.RotorSpeed[2], s.RotorSpeed[3],
    ];

    public static double Setpoint(QuadrotorParameters p, double action)
    {
        double half = 0.5 * (p.CommandMaximum - p.CommandMinimum);
        return (action * half) + p.CommandMinimum + half;
    }
}
