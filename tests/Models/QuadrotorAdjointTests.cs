using Robotics.Core;

namespace Robotics.Models.Tests;

/// <summary>Reverse mode of the batched step against finite differences of the single model in double.</summary>
public sealed class QuadrotorAdjointTests
{
    [Theory]
    [InlineData("crazyflie", 512)]
    [InlineData("ltf-crazyflie", 512)]
    [InlineData("race", 512)]
    [InlineData("crazyflie", 256)]
    [InlineData("fs", 128)]
    public void StepBack_RandomStates_EqualsFiniteDifferences(string name, int registerBits)
    {
        QuadrotorParameters airframe = HardwareFile.Airframe(name);
        var model = new QuadrotorModel<double>(airframe);
        var batch = new BatchedQuadrotor(airframe, 0.01, 16, registerBits);
        var random = new SeededRandom(8, name);
        double range = airframe.CommandMaximum - airframe.CommandMinimum;
        var state = new double[16][];
        var setpoint = new double[16][];
        float[] gradient = new float[17 * 16], setpointGradient = new float[64];
        var weight = new double[17]; // the loss is a random linear function of the state after the step
        for (int i = 0; i < 17; i++)
            weight[i] = random.NextUniform(-1, 1) / (i >= 13 ? range : 1);
        for (int v = 0; v < 16; v++)
        {
            state[v] = Draw(random, airframe);
            setpoint[v] = [.. Enumerable.Range(0, 4).Select(_ => airframe.CommandMinimum + (random.NextUniform(0.1, 0.9) * range))];
            batch.Write(v, [.. state[v].Select(x => (float)x)]);
            for (int r = 0; r < 4; r++)
                batch.Setpoints.Of(v, r) = (float)setpoint[v][r];
            for (int i = 0; i < 17; i++)
                gradient[(i * 16) + v] = (float)weight[i];
        }
        batch.StepBack(batch.State.Block(0), batch.Setpoints.Block(0), gradient, setpointGradient);
        for (int v = 0; v < 16; v++)
        {
            for (int i = 0; i < 17; i++)
            {
                double unit = i >= 13 ? range : 1;
                Assert.Equal(Difference(model, state[v], setpoint[v], weight, i, unit), gradient[(i * 16) + v] * unit, 2e-4);
            }
            for (int r = 0; r < 4; r++)
                Assert.Equal(Difference(model, state[v], setpoint[v], weight, 17 + r, range), setpointGradient[(r * 16) + v] * range, 2e-4);
        }
    }

    // Central difference by state value (or, from 17 on, set-point) number i, times the unit.
    private static double Difference(QuadrotorModel<double> model, double[] state, double[] setpoint, double[] weight, int i, double unit)
    {
        const double step = 1e-6;
        double at(double shift)
        {
            double[] x = [.. state], s = [.. setpoint];
            if (i < 17)
                x[i] += shift * unit;
            else
                s[i - 17] += shift * unit;
            QuadrotorState<double> q = FromValues(x);
            model.Step(ref q, s, 0.01);
            return ReferenceTrajectory.Values(q).Zip(weight, (a, b) => a * b).Sum();
        }
        return (at(step) - at(-step)) / (2 * step);
    }

    private static double[] Draw(SeededRandom random, QuadrotorParameters p)
    {
        double range = p.CommandMaximum - p.CommandMinimum;
        var q = new Quaternion<double>(random.NextGaussian(), random.NextGaussian(), random.NextGaussian(), random.NextGaussian()).Normalised();
        return
        [
            .. Enumerable.Range(0, 3).Select(_ => random.NextUniform(-1, 1)), q.W, q.X, q.Y, q.Z,
            .. Enumerable.Range(0, 6).Select(_ => random.NextUniform(-2, 2)),
            .. Enumerable.Range(0, 4).Select(_ => p.CommandMinimum + (random.NextUniform(0.2, 0.8) * range)),
            .. Enumerable.Range(0, 3).Select(_ => random.NextUniform(-0.1, 0.1) * p.WeightN),
            .. Enumerable.Range(0, 3).Select(_ => random.NextUniform(-1e-3, 1e-3) * p.WeightN * p.Rotors[0].PositionM.X),
        ];
    }

    private static QuadrotorState<double> FromValues(double[] x)
    {
        var s = new QuadrotorState<double>
        {
            Position = new(x[0], x[1], x[2]),
            Orientation = new(x[3], x[4], x[5], x[6]),
            LinearVelocity = new(x[7], x[8], x[9]),
            AngularVelocity = new(x[10], x[11], x[12]),
            DisturbanceForce = new(x[17], x[18], x[19]),
            DisturbanceTorque = new(x[20], x[21], x[22]),
        };
        for (int i = 0; i < 4; i++)
            s.RotorSpeed[i] = x[13 + i];
        return s;
    }
}
