using System.Runtime.CompilerServices;

namespace Robotics.Models;

/// <summary>One Runge-Kutta step of a block of quadrotors with upright rotors: the equations of <see cref="QuadrotorModel{T}"/>, reduced.</summary>
/// <remarks>
/// Three reductions, all exact in real arithmetic. 1. The motor lag is linear, so the rotor speed of each stage is
/// u + a_s (setpoint − u) with constants a_s of dt/τ. 2. Position and velocity feed back into nothing, so with b_s the acceleration
/// of stage s: v += dt/6 (b1 + 2 b2 + 2 b3 + b4), p += dt v + dt²/6 (b1 + b2 + b3). 3. With W = dt/2 ω the steps of q and W
/// have no factors left: Δq = q ⊗ (0, W), ΔW = A T + 2 G W W + M.
/// </remarks>
internal static class QuadrotorKernel<S, V>
    where S : struct, IWide<V>
    where V : struct
{
    // Rows of a block, in the order of QuadrotorChannels.
    private const int P = 0, Q = 3, Vel = 7, W = 10, U = 13, F = 17, M = 20;

    /// <summary>Advances the block of 16 that begins at <paramref name="x"/>; <paramref name="setpoint"/> is the first of 4 rows.</summary>
    public static void StepBlock(ref float x, ref float setpoint, QuadrotorLanes<S, V> c)
    {
        for (int lane = 0; lane < LaneBlocks.Lanes; lane += S.Count)
            Step(ref Unsafe.Add(ref x, lane), ref Unsafe.Add(ref setpoint, lane), c);
    }

    private static void Step(ref float x, ref float setpoint, QuadrotorLanes<S, V> c)
    {
        V u0 = Row(ref x, U), u1 = Row(ref x, U + 1), u2 = Row(ref x, U + 2), u3 = Row(ref x, U + 3);
        V e0 = S.Sub(Clamp(Row(ref setpoint, 0), c), u0), e1 = S.Sub(Clamp(Row(ref setpoint, 1), c), u1);
        V e2 = S.Sub(Clamp(Row(ref setpoint, 2), c), u2), e3 = S.Sub(Clamp(Row(ref setpoint, 3), c), u3);
        V q0 = Row(ref x, Q), q1 = Row(ref x, Q + 1), q2 = Row(ref x, Q + 2), q3 = Row(ref x, Q + 3);
        V w0 = S.Mul(Row(ref x, W), c.HalfStep), w1 = S.Mul(Row(ref x, W + 1), c.HalfStep), w2 = S.Mul(Row(ref x, W + 2), c.HalfStep);
        V m0 = S.Mul(Row(ref x, M), c.Torque0), m1 = S.Mul(Row(ref x, M + 1), c.Torque1), m2 = S.Mul(Row(ref x, M + 2), c.Torque2);
        V half = S.All(0.5f);

        // Stage 1, at the start.
        Rotors(c, u0, u1, u2, u3, m0, m1, m2, out V lift, out V t0, out V t1, out V t2);
        Rates(c, q0, q1, q2, q3, w0, w1, w2, t0, t1, t2, out V d0, out V d1, out V d2, out V d3, out V g0, out V g1, out V g2);
        Lift(lift, q0, q1, q2, q3, out V b0, out V b1, out V b2);
        V sumQ0 = d0, sumQ1 = d1, sumQ2 = d2, sumQ3 = d3, sumW0 = g0, sumW1 = g1, sumW2 = g2;
        V early0 = b0, early1 = b1, early2 = b2;

        // Stage 2, half a step on.
        Lagged(c.Lag2, u0, u1, u2, u3, e0, e1, e2, e3, out V s0, out V s1, out V s2, out V s3);
        Rotors(c, s0, s1, s2, s3, m0, m1, m2, out lift, out t0, out t1, out t2);
        V y0 = S.Fma(half, d0, q0), y1 = S.Fma(half, d1, q1), y2 = S.Fma(half, d2, q2), y3 = S.Fma(half, d3, q3);
        V z0 = S.Fma(half, g0, w0), z1 = S.Fma(half, g1, w1), z2 = S.Fma(half, g2, w2);
        Rates(c, y0, y1, y2, y3, z0, z1, z2, t0, t1, t2, out d0, out d1, out d2, out d3, out g0, out g1, out g2);
        Lift(lift, y0, y1, y2, y3, out b0, out b1, out b2);
        V two = S.All(2);
        sumQ0 = S.Fma(two, d0, sumQ0); sumQ1 = S.Fma(two, d1, sumQ1); sumQ2 = S.Fma(two, d2, sumQ2); sumQ3 = S.Fma(two, d3, sumQ3);
        sumW0 = S.Fma(two, g0, sumW0); sumW1 = S.Fma(two, g1, sumW1); sumW2 = S.Fma(two, g2, sumW2);
        V late0 = b0, late1 = b1, late2 = b2;

        // Stage 3, half a step on by the slope of stage 2.
        Lagged(c.Lag3, u0, u1, u2, u3, e0, e1, e2, e3, out s0, out s1, out s2, out s3);
        Rotors(c, s0, s1, s2, s3, m0, m1, m2, out lift, out t0, out t1, out t2);
        y0 = S.Fma(half, d0, q0); y1 = S.Fma(half, d1, q1); y2 = S.Fma(half, d2, q2); y3 = S.Fma(half, d3, q3);
        z0 = S.Fma(half, g0, w0); z1 = S.Fma(half, g1, w1); z2 = S.Fma(half, g2, w2);
        Rates(c, y0, y1, y2, y3, z0, z1, z2, t0, t1, t2, out d0, out d1, out d2, out d3, out g0, out g1, out g2);
        Lift(lift, y0, y1, y2, y3, out b0, out b1, out b2);
        sumQ0 = S.Fma(two, d0, sumQ0); sumQ1 = S.Fma(two, d1, sumQ1); sumQ2 = S.Fma(two, d2, sumQ2); sumQ3 = S.Fma(two, d3, sumQ3);
        sumW0 = S.Fma(two, g0, sumW0); sumW1 = S.Fma(two, g1, sumW1); sumW2 = S.Fma(two, g2, sumW2);
        late0 = S.Add(late0, b0); late1 = S.Add(late1, b1); late2 = S.Add(late2, b2);

        // Stage 4, a whole step on.
        Lagged(c.Lag4, u0, u1, u2, u3, e0, e1, e2, e3, out s0, out s1, out s2, out s3);
        Rotors(c, s0, s1, s2, s3, m0, m1, m2, out lift, out t0, out t1, out t2);
        y0 = S.Add(q0, d0); y1 = S.Add(q1, d1); y2 = S.Add(q2, d2); y3 = S.Add(q3, d3);
        z0 = S.Add(w0, g0); z1 = S.Add(w1, g1); z2 = S.Add(w2, g2);
        Rates(c, y0, y1, y2, y3, z0, z1, z2, t0, t1, t2, out d0, out d1, out d2, out d3, out g0, out g1, out g2);
        Lift(lift, y0, y1, y2, y3, out b0, out b1, out b2);
        V sixth = S.All(1f / 6);
        StoreUnit(
            ref x, S.Fma(sixth, S.Add(sumQ0, d0), q0), S.Fma(sixth, S.Add(sumQ1, d1), q1),
            S.Fma(sixth, S.Add(sumQ2, d2), q2), S.Fma(sixth, S.Add(sumQ3, d3), q3));
        Store(ref x, W, Limit(S.Mul(S.Fma(sixth, S.Add(sumW0, g0), w0), c.InverseHalfStep)));
        Store(ref x, W + 1, Limit(S.Mul(S.Fma(sixth, S.Add(sumW1, g1), w1), c.InverseHalfStep)));
        Store(ref x, W + 2, Limit(S.Mul(S.Fma(sixth, S.Add(sumW2, g2), w2), c.InverseHalfStep)));
        Translate(ref x, 0, S.All(0), early0, late0, b0, c);
        Translate(ref x, 1, S.All(0), early1, late1, b1, c);
        Translate(ref x, 2, c.Gravity, early2, late2, b2, c);

        Lagged(c.LagEnd, u0, u1, u2, u3, e0, e1, e2, e3, out s0, out s1, out s2, out s3);
        Store(ref x, U, Clamp(s0, c));
        Store(ref x, U + 1, Clamp(s1, c));
        Store(ref x, U + 2, Clamp(s2, c));
        Store(ref x, U + 3, Clamp(s3, c));
    }

    // 2 f / m and the scaled torques of the rotors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rotors(
        QuadrotorLanes<S, V> c, V u0, V u1, V u2, V u3, V m0, V m1, V m2, out V lift, out V t0, out V t1, out V t2)
    {
        V f0 = c.Rotor0.Thrust(u0), f1 = c.Rotor1.Thrust(u1), f2 = c.Rotor2.Thrust(u2), f3 = c.Rotor3.Thrust(u3);
        lift = S.Mul(S.Add(S.Add(f0, f1), S.Add(f2, f3)), c.TwoOverMass);
        t0 = S.Add(S.Fma(c.Rotor0.A0, f0, S.Fma(c.Rotor1.A0, f1, m0)), S.Fma(c.Rotor2.A0, f2, S.Mul(c.Rotor3.A0, f3)));
        t1 = S.Add(S.Fma(c.Rotor0.A1, f0, S.Fma(c.Rotor1.A1, f1, m1)), S.Fma(c.Rotor2.A1, f2, S.Mul(c.Rotor3.A1, f3)));
        t2 = S.Add(S.Fma(c.Rotor0.A2, f0, S.Fma(c.Rotor1.A2, f1, m2)), S.Fma(c.Rotor2.A2, f2, S.Mul(c.Rotor3.A2, f3)));
    }

    // Steps of q and W over dt.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rates(
        QuadrotorLanes<S, V> c, V q0, V q1, V q2, V q3, V w0, V w1, V w2, V t0, V t1, V t2,
        out V d0, out V d1, out V d2, out V d3, out V g0, out V g1, out V g2)
    {
        d0 = S.Fnma(q3, w2, S.Fnma(q2, w1, S.Mul(S.Sub(S.All(0), q1), w0)));
        d1 = S.Fnma(q3, w1, S.Fma(q2, w2, S.Mul(q0, w0)));
        d2 = S.Fnma(q1, w2, S.Fma(q3, w0, S.Mul(q0, w1)));
        d3 = S.Fnma(q2, w0, S.Fma(q1, w1, S.Mul(q0, w2)));
        g0 = S.Fma(S.Mul(c.Gyro0, w1), w2, t0);
        g1 = S.Fma(S.Mul(c.Gyro1, w2), w0, t1);
        g2 = S.Fma(S.Mul(c.Gyro2, w0), w1, t2);
    }

    // R(q) (0, 0, f) / m, with lift = 2 f / m.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lift(V lift, V q0, V q1, V q2, V q3, out V b0, out V b1, out V b2)
    {
        b0 = S.Mul(lift, S.Fma(q0, q2, S.Mul(q1, q3)));
        b1 = S.Mul(lift, S.Fnma(q0, q1, S.Mul(q2, q3)));
        b2 = S.Mul(lift, S.Fnma(q2, q2, S.Fnma(q1, q1, S.All(0.5f))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Lagged(
        in LagCoefficient<V> a, V u0, V u1, V u2, V u3, V e0, V e1, V e2, V e3, out V s0, out V s1, out V s2, out V s3)
    {
        if (a.Single)
        {
            s0 = S.Fma(a.Rise0, e0, u0);
            s1 = S.Fma(a.Rise0, e1, u1);
            s2 = S.Fma(a.Rise0, e2, u2);
            s3 = S.Fma(a.Rise0, e3, u3);
            return;
        }
        s0 = S.Fma(S.IfAtLeast(e0, S.All(0), a.Rise0, a.Fall0), e0, u0);
        s1 = S.Fma(S.IfAtLeast(e1, S.All(0), a.Rise1, a.Fall1), e1, u1);
        s2 = S.Fma(S.IfAtLeast(e2, S.All(0), a.Rise2, a.Fall2), e2, u2);
        s3 = S.Fma(S.IfAtLeast(e3, S.All(0), a.Rise3, a.Fall3), e3, u3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Translate(ref float x, int axis, V gravity, V first, V middle, V last, QuadrotorLanes<S, V> c)
    {
        V held = S.Fma(Row(ref x, F + axis), c.InverseMass, gravity); // acceleration that does not change within the step
        V v = Row(ref x, Vel + axis);
        V early = S.Add(first, middle);
        V p = S.Fma(c.Step, v, Row(ref x, P + axis));
        Store(ref x, P + axis, Limit(S.Fma(c.SixthStepSquared, early, S.Fma(c.HalfStepSquared, held, p))));
        Store(ref x, Vel + axis, Limit(S.Fma(c.SixthStep, S.Add(early, S.Add(middle, last)), S.Fma(c.Step, held, v))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreUnit(ref float x, V q0, V q1, V q2, V q3)
    {
        V norm = S.Sqrt(S.Fma(q0, q0, S.Fma(q1, q1, S.Fma(q2, q2, S.Mul(q3, q3)))));
        V inverse = S.Div(S.All(1), norm);
        Store(ref x, Q, S.Mul(q0, inverse));
        Store(ref x, Q + 1, S.Mul(q1, inverse));
        Store(ref x, Q + 2, S.Mul(q2, inverse));
        Store(ref x, Q + 3, S.Mul(q3, inverse));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Row(ref float x, int row) => S.Load(ref Unsafe.Add(ref x, row * LaneBlocks.Lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref float x, int row, V value) => S.Store(ref Unsafe.Add(ref x, row * LaneBlocks.Lanes), value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Clamp(V u, QuadrotorLanes<S, V> c) => S.Min(S.Max(u, c.Minimum), c.Maximum);

    // The same bound on a diverged vehicle as the single model's.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Limit(V value) => S.Min(S.Max(value, S.All(-1e5f)), S.All(1e5f));
}
