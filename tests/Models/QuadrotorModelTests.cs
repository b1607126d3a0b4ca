using Robotics.Tests.Shared;

namespace Robotics.Models.Tests;

public sealed class QuadrotorModelTests
{
    [Fact]
    public void Step_DoubleFromEveryReferenceState_MatchesNextStateWithin1e12()
    {
        double[][] rows = ReferenceTrajectory.Load();
        QuadrotorParameters airframe = HardwareFile.Airframe("ltf-crazyflie");
        var model = new QuadrotorModel<double>(airframe);
        double worst = 0;
        for (int k = 0; k + 1 < rows.Length; k++)
        {
            QuadrotorState<double> state = ReferenceTrajectory.State(rows[k]);
            double[] setpoints = [.. rows[k][1..5].Select(a => ReferenceTrajectory.Setpoint(airframe, a))];
            model.Step(ref state, setpoints, 0.01);
            double[] actual = ReferenceTrajectory.Values(state);
            for (int i = 0; i < actual.Length; i++)
                worst = Math.Max(worst, Math.Abs(actual[i] - rows[k + 1][5 + i]) / Math.Max(1e-3, Math.Abs(rows[k + 1][5 + i])));
        }
        Assert.InRange(worst, 0, 1e-12);
    }

    [Fact]
    public void Step_Float100Steps_StaysWithin1e4OfReference()
    {
        double[][] rows = ReferenceTrajectory.Load();
        QuadrotorParameters airframe = HardwareFile.Airframe("ltf-crazyflie");
        var model = new QuadrotorModel<float>(airframe);
        QuadrotorState<float> state = ToFloat(ReferenceTrajectory.State(rows[0]));
        var setpoints = new float[4];
        double worst = 0;
        for (int k = 0; k < 100; k++)
        {
            for (int i = 0; i < 4; i++)
                setpoints[i] = (float)ReferenceTrajectory.Setpoint(airframe, rows[k][1 + i]);
            model.Step(ref state, setpoints, 0.01f);
            QuadrotorState<double> expected = ReferenceTrajectory.State(rows[k + 1]);
            worst = Math.Max(worst, Math.Sqrt(Difference(state.Position, expected.Position)));
        }
        Assert.InRange(worst, 0, 1e-4);
    }

    [Fact]
    public void Step_RotorsSlowDown_UsesFallTimeConstant()
    {
        QuadrotorParameters airframe = HardwareFile.Airframe("crazyflie");
        var model = new QuadrotorModel<double>(airframe);
        double up = Lag(model, from: 0.2, to: 0.8);
        double down = Lag(model, from: 0.8, to: 0.2);
        Assert.Equal(1 - Math.Exp(-0.01 / 0.0554545454545), up, 4);
        Assert.Equal(1 - Math.Exp(-0.01 / 0.2493939393939), down, 4);
    }

    [Fact]
    public void Step_SetpointBeyondLimit_IsClamped()
    {
        var model = new QuadrotorModel<double>(HardwareFile.Airframe("flightmare"));
        QuadrotorState<double> beyond = QuadrotorState<double>.AtRest(0.9);
        QuadrotorState<double> atLimit = beyond;
        model.Step(ref beyond, [50, 50, 50, 50], 0.01);
        model.Step(ref atLimit, [1, 1, 1, 1], 0.01);
        Assert.Equal(ReferenceTrajectory.Values(atLimit), ReferenceTrajectory.Values(beyond));
    }

    [Fact]
    public void Step_Hovering_AllocatesNothing()
    {
        QuadrotorParameters airframe = HardwareFile.Airframe("crazyflie");
        var model = new QuadrotorModel<double>(airframe);
        QuadrotorState<double> state = QuadrotorState<double>.AtRest(airframe.HoverSetpoint);
        double[] setpoints = [airframe.HoverSetpoint, airframe.HoverSetpoint, airframe.HoverSetpoint, airframe.HoverSetpoint];
        AllocationGuard.AssertNone(() => model.Step(ref state, setpoints, 0.01));
        Assert.InRange(state.Position.LengthSquared, 0, 1e-6);
    }

    private static double Lag(QuadrotorModel<double> model, double from, double to)
    {
        QuadrotorState<double> state = QuadrotorState<double>.AtRest(from);
        model.Step(ref state, [to, to, to, to], 0.01);
        return (state.RotorSpeed[0] - from) / (to - from);
    }

    private static double Difference(Vector3<float> a, Vector3<double> b) =>
        (new Vector3<double>(a.X, a.Y, a.Z) - b).LengthSquared;

    private static QuadrotorState<float> ToFloat(QuadrotorState<double> s)
    {
        var f = new QuadrotorState<float>
        {
            Position = Float(s.Position),
            Orientation = new((float)s.Orientation.W, (float)s.Orientation.X, (float)s.Orientation.Y, (float)s.Orientation.Z),
            LinearVelocity = Float(s.LinearVelocity),
            AngularVelocity = Float(s.AngularVelocity),
            DisturbanceForce = Float(s.DisturbanceForce),
            DisturbanceTorque = Float(s.DisturbanceTorque),
        };
        for (int i = 0; i < 4; i++)
            f.RotorSpeed[i] = (float)s.RotorSpeed[i];
        return f;
    }

    private static Vector3<float> Float(Vector3<double> v) => new((float)v.X, (float)v.Y, (float)v.Z);
}
