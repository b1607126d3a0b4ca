using Robotics.Core;
using Robotics.Tests.Shared;

namespace Robotics.Models.Tests;

public sealed class BatchedQuadrotorTests
{
    public static TheoryData<string, int> Airframes
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string name in HardwareFile.Airframes)
            {
                foreach (int bits in (int[])[512, 256, 128])
                    data.Add(name, bits);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Airframes))]
    public void Step_RandomStatesAndSetpoints_EqualsTheSingleModel(string name, int registerBits)
    {
        QuadrotorParameters airframe = HardwareFile.Airframe(name);
        var single = new QuadrotorModel<double>(airframe);
        var batch = new BatchedQuadrotor(airframe, 0.01, 64, registerBits);
        var random = new SeededRandom(3, name);
        var channels = new float[QuadrotorChannels.StateCount];
        for (int round = 0; round < 20; round++)
        {
            var expected = new QuadrotorState<double>[batch.Count];
            for (int i = 0; i < batch.Count; i++)
            {
                QuadrotorChannels.Pack(Draw(random, airframe), channels);
                batch.Write(i, channels);
                expected[i] = QuadrotorChannels.Unpack(channels, default(QuadrotorState<double>));
                var setpoints = new double[4];
                for (int r = 0; r < 4; r++)
                {
                    // Beyond the limits on purpose: both clamp.
                    float setpoint = (float)random.NextUniform(airframe.CommandMinimum - (0.1 * airframe.CommandMaximum), 1.1 * airframe.CommandMaximum);
                    batch.Setpoints.Of(i, r) = setpoint;
                    setpoints[r] = setpoint;
                }
                single.Step(ref expected[i], setpoints, 0.01);
            }
            batch.Step();
            for (int i = 0; i < batch.Count; i++)
                AssertClose(expected[i], batch, i, airframe.CommandMaximum);
        }
    }

    [Fact]
    public void Step_100StepsFromTheReference_StaysWithin1e4()
    {
        double[][] rows = ReferenceTrajectory.Load();
        QuadrotorParameters airframe = HardwareFile.Airframe("ltf-crazyflie");
        var batch = new BatchedQuadrotor(airframe, 0.01, 16);
        var channels = new float[QuadrotorChannels.StateCount];
        QuadrotorChannels.Pack(ReferenceTrajectory.State(rows[0]), channels);
        batch.Write(5, channels);
        for (int k = 0; k < 100; k++)
        {
            for (int r = 0; r < 4; r++)
                batch.Setpoints.Of(5, r) = (float)ReferenceTrajectory.Setpoint(airframe, rows[k][1 + r]);
            batch.Step();
        }
        batch.Read(5, channels);
        for (int i = 0; i < 3; i++)
            Assert.Equal(rows[100][5 + i], channels[i], 1e-4);
    }

    [Fact]
    public void Step_AllocatesNothing()
    {
        var batch = new BatchedQuadrotor(HardwareFile.Airframe("crazyflie"), 0.01, 256);
        AllocationGuard.AssertNone(batch.Step);
    }

    [Fact]
    public void Constructor_StepLongerThanTheMotorLag_IsRefused() =>
        Assert.Contains(
            "longer than a rotor's time constant",
            Assert.Throws<ArgumentException>(() => new BatchedQuadrotor(HardwareFile.Airframe("flightmare"), 0.05, 16)).Message,
            StringComparison.Ordinal);

    private static QuadrotorState<double> Draw(SeededRandom random, QuadrotorParameters p)
    {
        Vector3<double> vector(double scale) =>
            new(random.NextUniform(-scale, scale), random.NextUniform(-scale, scale), random.NextUniform(-scale, scale));
        var state = new QuadrotorState<double>
        {
            Position = vector(2),
            Orientation = new Quaternion<double>(random.NextGaussian(), random.NextGaussian(), random.NextGaussian(), random.NextGaussian()).Normalised(),
            LinearVelocity = vector(3),
            AngularVelocity = vector(10),
            DisturbanceForce = vector(0.1 * p.WeightN),
            DisturbanceTorque = (0.01 * p.WeightN) * vector(p.Rotors[0].PositionM.X),
        };
        for (int i = 0; i < 4; i++)
            state.RotorSpeed[i] = random.NextUniform(p.CommandMinimum, p.CommandMaximum);
        return state;
    }

    private static void AssertClose(QuadrotorState<double> expected, BatchedQuadrotor batch, int vehicle, double commandMaximum)
    {
        var e = new float[QuadrotorChannels.StateCount];
        var a = new float[QuadrotorChannels.StateCount];
        QuadrotorChannels.Pack(expected, e);
        batch.Read(vehicle, a);
        for (int i = 0; i < e.Length; i++)
        {
            double scale = i is >= 13 and < 17 ? commandMaximum : 1 + Math.Abs(e[i]);
            Assert.Equal(e[i], a[i], 3e-6 * scale);
        }
    }
}
