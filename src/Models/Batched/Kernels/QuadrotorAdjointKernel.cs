using System.Runtime.CompilerServices;

namespace Robotics.Models;

/// <summary>Reverse mode of <see cref="QuadrotorKernel{S, V}"/>: from the gradient after a step to the gradient before it.</summary>
/// <remarks>
/// Runs the four stages forward again from the state before the step, then backwards. With x̄ the gradient of a loss by x, each line is the
/// transpose of the forward line of the same name. Bounds on state and set-points pass the gradient as if they were not there.
/// </remarks>
internal static class QuadrotorAdjointKernel<S, V>
    where S : struct, IWide<V>
    where V : struct
{
    private const int Lanes = LaneBlocks.Lanes;
    private const int P = 0, Q = 3, Vel = 7, W = 10, U = 13, M = 20;

    /// <summary>Replaces the 17 rows at <paramref name="gradient"/> and writes the 4 rows at <paramref name="setpointGradient"/>.</summary>
    public static void StepBlock(ref float x, ref float setpoint, ref float gradient, ref float setpointGradient, QuadrotorLanes<S, V> c)
    {
        for (int lane = 0; lane < Lanes; lane += S.Count)
        {
            Step(
                ref Unsafe.Add(ref x, lane), ref Unsafe.Add(ref setpoint, lane),
                ref Unsafe.Add(ref gradient, lane), ref Unsafe.Add(ref setpointGradient, lane), c);
        }
    }

    private static void Step(ref float x, ref float setpoint, ref float gradient, ref float setpointGradient, QuadrotorLanes<S, V> c)
    {
        Four u = Row4(ref x, U), s = Row4(ref setpoint, 0);
        s = new Four(Clamp(s.A, c), Clamp(s.B, c), Clamp(s.C, c), Clamp(s.D, c));
        Four q1 = Row4(ref x, Q);
        Three w1 = Row3(ref x, W, c.HalfStep);
        var m = new Three(S.Mul(Row(ref x, M), c.Torque0), S.Mul(Row(ref x, M + 1), c.Torque1), S.Mul(Row(ref x, M + 2), c.Torque2));
        Four a2 = Share(c.Lag2, u, s), a3 = Share(c.Lag3, u, s), a4 = Share(c.Lag4, u, s), aEnd = Share(c.LagEnd, u, s);
        Four u2 = Toward(u, a2, s), u3 = Toward(u, a3, s), u4 = Toward(u, a4, s);

        // Forward again, keeping the stages.
        V half = S.All(0.5f), one = S.All(1);
        Rates(c, u, q1, w1, m, out Four d1, out Three g1);
        Four q2 = Add(q1, half, d1);
        Three w2 = Add(w1, half, g1);
        Rates(c, u2, q2, w2, m, out Four d2, out Three g2);
        Four q3 = Add(q1, half, d2);
        Three w3 = Add(w1, half, g2);
        Rates(c, u3, q3, w3, m, out Four d3, out Three g3);
        Four q4 = Add(q1, one, d3);
        Three w4 = Add(w1, one, g3);
        Rates(c, u4, q4, w4, m, out Four d4, out _);

        // Backwards from the end of the step.
        V sixth = S.All(1f / 6), third = S.All(1f / 3);
        Four sum = Add(Add(d1, S.All(2), d2), S.All(2), d3);
        Four qBar = Normalised(Add(q1, sixth, Add(sum, one, d4)), Row4(ref gradient, Q));
        Three wBar = Row3(ref gradient, W, c.InverseHalfStep);
        Three vBar = Row3(ref gradient, Vel, one), pBar = Row3(ref gradient, P, one);
        Three bEnd = Scale(c.SixthStep, vBar);
        Three bFirst = Add(bEnd, c.SixthStepSquared, pBar);
        Three bMiddle = Add(bFirst, c.SixthStep, vBar);
        Four uBar = Row4(ref gradient, U), sBar = Times(aEnd, uBar);
        uBar = Add(uBar, S.All(-1), sBar);

        Four dBar = Scale(sixth, qBar);
        Three gBar = Scale(sixth, wBar);
        Stage(c, u4, q4, w4, dBar, gBar, bEnd, out Four qStage, out Three wStage, out Four uStage);
        Split(uStage, a4, ref uBar, ref sBar);
        Four qSum = Add(qBar, one, qStage);
        Three wSum = Add(wBar, one, wStage);
        Stage(c, u3, q3, w3, Add(Scale(third, qBar), one, qStage), Add(Scale(third, wBar), one, wStage), bMiddle, out qStage, out wStage, out uStage);
        Split(uStage, a3, ref uBar, ref sBar);
        qSum = Add(qSum, one, qStage);
        wSum = Add(wSum, one, wStage);
        Stage(c, u2, q2, w2, Add(Scale(third, qBar), half, qStage), Add(Scale(third, wBar), half, wStage), bMiddle, out qStage, out wStage, out uStage);
        Split(uStage, a2, ref uBar, ref sBar);
        qSum = Add(qSum, one, qStage);
        wSum = Add(wSum, one, wStage);
        Stage(c, u, q1, w1, Add(dBar, half, qStage), Add(gBar, half, wStage), bFirst, out qStage, out wStage, out uStage);
        Store4(ref gradient, Q, Add(qSum, one, qStage));
        Store3(ref gradient, W, Scale(c.HalfStep, Add(wSum, one, wStage)));
        Store3(ref gradient, Vel, Add(vBar, c.Step, pBar));
        Store4(ref gradient, U, Add(uBar, one, uStage));
        Store4(ref setpointGradient, 0, sBar);
    }

    // Gradients by q, W and u of one stage's d, g and b.
    private static void Stage(
        QuadrotorLanes<S, V> c, in Four u, in Four q, in Three w, in Four d, in Three g, in Three b,
        out Four qBar, out Three wBar, out Four uBar)
    {
        V thrust = S.Add(S.Add(c.Rotor0.Thrust(u.A), c.Rotor1.Thrust(u.B)), S.Add(c.Rotor2.Thrust(u.C), c.Rotor3.Thrust(u.D)));
        V lift = S.Mul(thrust, c.TwoOverMass);
        V two = S.All(2);
        V l0 = S.Mul(lift, b.A), l1 = S.Mul(lift, b.B), l2 = S.Mul(S.Mul(lift, two), b.C);
        qBar = new Four(
            Sum(S.Fnma(l1, q.B, S.Mul(l0, q.C)), d.B, w.A, d.C, w.B, d.D, w.C),
            Sum(S.Fnma(l2, q.B, S.Fnma(l1, q.A, S.Mul(l0, q.D))), Minus(d.A), w.A, Minus(d.C), w.C, d.D, w.B),
            Sum(S.Fnma(l2, q.C, S.Fma(l1, q.D, S.Mul(l0, q.A))), Minus(d.A), w.B, d.B, w.C, Minus(d.D), w.A),
            Sum(S.Fma(l1, q.C, S.Mul(l0, q.B)), Minus(d.A), w.C, Minus(d.B), w.B, d.C, w.A));
        V w0 = Sum(S.Mul(Minus(d.A), q.B), d.B, q.A, d.C, q.D, Minus(d.D), q.C);
        V w1 = Sum(S.Mul(Minus(d.A), q.C), Minus(d.B), q.D, d.C, q.A, d.D, q.B);
        V w2 = Sum(S.Mul(Minus(d.A), q.D), d.B, q.C, Minus(d.C), q.B, d.D, q.A);
        V y0 = S.Mul(g.A, c.Gyro0), y1 = S.Mul(g.B, c.Gyro1), y2 = S.Mul(g.C, c.Gyro2);
        wBar = new Three(
            S.Fma(y1, w.C, S.Fma(y2, w.B, w0)), S.Fma(y0, w.C, S.Fma(y2, w.A, w1)), S.Fma(y0, w.B, S.Fma(y1, w.A, w2)));

        V up = S.Fnma(q.C, q.C, S.Fnma(q.B, q.B, S.All(0.5f)));
        V liftBar = S.Fma(b.C, up, S.Fma(b.B, S.Fnma(q.A, q.B, S.Mul(q.C, q.D)), S.Mul(b.A, S.Fma(q.A, q.C, S.Mul(q.B, q.D)))));
        V thrustBar = S.Mul(liftBar, c.TwoOverMass);
        uBar = new Four(
            OfRotor(c.Rotor0, u.A, g, thrustBar), OfRotor(c.Rotor1, u.B, g, thrustBar),
            OfRotor(c.Rotor2, u.C, g, thrustBar), OfRotor(c.Rotor3, u.D, g, thrustBar));
    }

    private static V OfRotor(in RotorLanes<S, V> rotor, V u, in Three g, V thrustBar) =>
        S.Mul(rotor.Slope(u), S.Fma(rotor.A0, g.A, S.Fma(rotor.A1, g.B, S.Fma(rotor.A2, g.C, thrustBar))));

    // Steps of q and W over dt, as in the forward kernel.
    private static void Rates(QuadrotorLanes<S, V> c, in Four u, in Four q, in Three w, in Three m, out Four d, out Three g)
    {
        V f0 = c.Rotor0.Thrust(u.A), f1 = c.Rotor1.Thrust(u.B), f2 = c.Rotor2.Thrust(u.C), f3 = c.Rotor3.Thrust(u.D);
        V t0 = Sum(m.A, c.Rotor0.A0, f0, c.Rotor1.A0, f1, S.Add(S.Mul(c.Rotor2.A0, f2), S.Mul(c.Rotor3.A0, f3)), S.All(1));
        V t1 = Sum(m.B, c.Rotor0.A1, f0, c.Rotor1.A1, f1, S.Add(S.Mul(c.Rotor2.A1, f2), S.Mul(c.Rotor3.A1, f3)), S.All(1));
        V t2 = Sum(m.C, c.Rotor0.A2, f0, c.Rotor1.A2, f1, S.Add(S.Mul(c.Rotor2.A2, f2), S.Mul(c.Rotor3.A2, f3)), S.All(1));
        d = new Four(
            S.Fnma(q.D, w.C, S.Fnma(q.C, w.B, S.Mul(Minus(q.B), w.A))), S.Fnma(q.D, w.B, S.Fma(q.C, w.C, S.Mul(q.A, w.A))),
            S.Fnma(q.B, w.C, S.Fma(q.D, w.A, S.Mul(q.A, w.B))), S.Fnma(q.C, w.A, S.Fma(q.B, w.B, S.Mul(q.A, w.C))));
        g = new Three(
            S.Fma(S.Mul(c.Gyro0, w.B), w.C, t0), S.Fma(S.Mul(c.Gyro1, w.C), w.A, t1), S.Fma(S.Mul(c.Gyro2, w.A), w.B, t2));
    }

    // y / |y| backwards: (g - n (n . g)) / |y| with n = y / |y|.
    private static Four Normalised(in Four y, in Four g)
    {
        V inverse = S.Div(S.All(1), S.Sqrt(S.Fma(y.A, y.A, S.Fma(y.B, y.B, S.Fma(y.C, y.C, S.Mul(y.D, y.D))))));
        Four n = Scale(inverse, y);
        V along = S.Fma(n.A, g.A, S.Fma(n.B, g.B, S.Fma(n.C, g.C, S.Mul(n.D, g.D))));
        return Scale(inverse, Add(g, Minus(along), n));
    }

    private static Four Share(in LagCoefficient<V> lag, in Four u, in Four s) =>
        lag.Single
            ? new Four(lag.Rise0, lag.Rise0, lag.Rise0, lag.Rise0)
            : new Four(
                S.IfAtLeast(s.A, u.A, lag.Rise0, lag.Fall0), S.IfAtLeast(s.B, u.B, lag.Rise1, lag.Fall1),
                S.IfAtLeast(s.C, u.C, lag.Rise2, lag.Fall2), S.IfAtLeast(s.D, u.D, lag.Rise3, lag.Fall3));

    private static Four Toward(in Four u, in Four share, in Four s) =>
        new(S.Fma(share.A, S.Sub(s.A, u.A), u.A), S.Fma(share.B, S.Sub(s.B, u.B), u.B),
            S.Fma(share.C, S.Sub(s.C, u.C), u.C), S.Fma(share.D, S.Sub(s.D, u.D), u.D));

    // u_stage = (1 - a) u + a s backwards.
    private static void Split(in Four stage, in Four share, ref Four uBar, ref Four sBar)
    {
        Four toSetpoint = Times(share, stage);
        sBar = Add(sBar, S.All(1), toSetpoint);
        uBar = Add(uBar, S.All(1), Add(stage, S.All(-1), toSetpoint));
    }

    private static V Sum(V a, V b, V c, V d, V e, V f, V g) => S.Fma(f, g, S.Fma(d, e, S.Fma(b, c, a)));

    private static V Minus(V a) => S.Sub(S.All(0), a);

    private static V Clamp(V u, QuadrotorLanes<S, V> c) => S.Min(S.Max(u, c.Minimum), c.Maximum);

    private static Four Add(in Four a, V scale, in Four b) =>
        new(S.Fma(scale, b.A, a.A), S.Fma(scale, b.B, a.B), S.Fma(scale, b.C, a.C), S.Fma(scale, b.D, a.D));

    private static Three Add(in Three a, V scale, in Three b) => new(S.Fma(scale, b.A, a.A), S.Fma(scale, b.B, a.B), S.Fma(scale, b.C, a.C));

    private static Four Scale(V s, in Four a) => new(S.Mul(s, a.A), S.Mul(s, a.B), S.Mul(s, a.C), S.Mul(s, a.D));

    private static Three Scale(V s, in Three a) => new(S.Mul(s, a.A), S.Mul(s, a.B), S.Mul(s, a.C));

    private static Four Times(in Four a, in Four b) => new(S.Mul(a.A, b.A), S.Mul(a.B, b.B), S.Mul(a.C, b.C), S.Mul(a.D, b.D));

    private static V Row(ref float x, int row) => S.Load(ref Unsafe.Add(ref x, row * Lanes));

    private static Four Row4(ref float x, int row) => new(Row(ref x, row), Row(ref x, row + 1), Row(ref x, row + 2), Row(ref x, row + 3));

    private static Three Row3(ref float x, int row, V scale) =>
        new(S.Mul(scale, Row(ref x, row)), S.Mul(scale, Row(ref x, row + 1)), S.Mul(scale, Row(ref x, row + 2)));

    private static void Store3(ref float x, int row, in Three value)
    {
        S.Store(ref Unsafe.Add(ref x, row * Lanes), value.A);
        S.Store(ref Unsafe.Add(ref x, (row + 1) * Lanes), value.B);
        S.Store(ref Unsafe.Add(ref x, (row + 2) * Lanes), value.C);
    }

    private static void Store4(ref float x, int row, in Four value)
    {
        Store3(ref x, row, new Three(value.A, value.B, value.C));
        S.Store(ref Unsafe.Add(ref x, (row + 3) * Lanes), value.D);
    }

    // Speed matters less here than in the forward kernel (the policy's backward pass is several times dearer), so values are grouped.
    private readonly struct Four(V a, V b, V c, V d)
    {
        public readonly V A = a, B = b, C = c, D = d;
    }

    private readonly struct Three(V a, V b, V c)
    {
        public readonly V A = a, B = b, C = c;
    }
}
