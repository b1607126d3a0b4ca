using System.Runtime.CompilerServices;

namespace Robotics.Models;

/// <summary>Draws of <see cref="LaneRandom"/>.</summary>
internal static class RandomKernel<S, V>
    where S : struct, IWide<V>
    where V : struct
{
    private const int Lanes = LaneBlocks.Lanes;

    public static void Uniform(ref float state, ref float rows, int count)
    {
        for (int lane = 0; lane < Lanes; lane += S.Count)
        {
            ref float to = ref Unsafe.Add(ref rows, lane);
            Load(ref state, lane, out V s0, out V s1, out V s2, out V s3);
            for (int i = 0; i < count; i++)
            {
                // 23 random bits as a mantissa: [2, 4) - 3.
                V bits = S.ShiftRightBits(Next(ref s0, ref s1, ref s2, ref s3), 9);
                S.Store(ref Unsafe.Add(ref to, i * Lanes), S.Sub(S.AddBits(bits, S.AllBits(0x40000000)), S.All(3)));
            }
            Save(ref state, lane, s0, s1, s2, s3);
        }
    }

    public static void Gaussian(ref float state, ref float rows, int pairs)
    {
        for (int lane = 0; lane < Lanes; lane += S.Count)
        {
            ref float to = ref Unsafe.Add(ref rows, lane);
            Load(ref state, lane, out V s0, out V s1, out V s2, out V s3);
            for (int i = 0; i < pairs; i++)
            {
                V radius = Radius(Next(ref s0, ref s1, ref s2, ref s3));
                Circle(Next(ref s0, ref s1, ref s2, ref s3), out V cosine, out V sine);
                S.Store(ref Unsafe.Add(ref to, 2 * i * Lanes), S.Mul(radius, cosine));
                S.Store(ref Unsafe.Add(ref to, ((2 * i) + 1) * Lanes), S.Mul(radius, sine));
            }
            Save(ref state, lane, s0, s1, s2, s3);
        }
    }

    // sqrt(-2 ln u), u = (n + 1/2) 2^-31 with 31 random bits: never 0, and up to 6.6 standard deviations.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Radius(V bits)
    {
        V u = S.Add(S.FromSignedBits(S.ShiftRightBits(bits, 1)), S.All(0.5f));
        // u = 2^e m with m in [sqrt(1/2), sqrt(2)): the offset moves the break from 1 to sqrt(1/2).
        V offset = S.AllBits(0x3F3504F3);
        V exponent = S.ShiftRightBits(S.SubtractBits(u, offset), 23);
        V m = S.Sub(S.SubtractBits(u, S.ShiftLeftBits(exponent, 23)), S.All(1));
        // ln(1 + m): polynomial of the Cephes library (logf), relative error below 1e-7.
        V p = S.Fma(m, S.All(7.0376836292e-2f), S.All(-1.1514610310e-1f));
        p = S.Fma(p, m, S.All(1.1676998740e-1f));
        p = S.Fma(p, m, S.All(-1.2420140846e-1f));
        p = S.Fma(p, m, S.All(1.4249322787e-1f));
        p = S.Fma(p, m, S.All(-1.6668057665e-1f));
        p = S.Fma(p, m, S.All(2.0000714765e-1f));
        p = S.Fma(p, m, S.All(-2.4999993993e-1f));
        p = S.Fma(p, m, S.All(3.3333331174e-1f));
        V m2 = S.Mul(m, m);
        V ln = S.Add(S.Fma(S.Mul(p, m), m2, S.Mul(m2, S.All(-0.5f))), m);
        // -2 ln(u 2^-31) = -2 (ln m + (e - 31) ln 2)
        V powers = S.Sub(S.All(31), S.FromSignedBits(exponent));
        V twice = S.Fma(powers, S.All(2 * 0.69314718056f), S.Mul(ln, S.All(-2)));
        return S.Sqrt(S.Max(twice, S.All(0)));
    }

    // cos and sin of a uniform angle: an angle in [-pi/4, pi/4), then two random bits turn it by quarters and mirror it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Circle(V bits, out V cosine, out V sine)
    {
        V unit = S.Sub(S.AddBits(S.ShiftRightBits(bits, 9), S.AllBits(0x40000000)), S.All(3));
        V t = S.Mul(unit, S.All(0.78539816340f));
        V t2 = S.Mul(t, t);
        // Polynomials of the Cephes library (sinf, cosf) on [-pi/4, pi/4].
        V s = S.Fma(S.Fma(S.All(-1.9515295891e-4f), t2, S.All(8.3321608736e-3f)), t2, S.All(-1.6666654611e-1f));
        s = S.Fma(S.Mul(s, t2), t, t);
        V c = S.Fma(S.Fma(S.All(2.443315711809948e-5f), t2, S.All(-1.388731625493765e-3f)), t2, S.All(4.166664568298827e-2f));
        c = S.Fma(S.Mul(c, t2), t2, S.Fma(t2, S.All(-0.5f), S.All(1)));
        // The angle is symmetric about 0, so cosine and sine may change places and the cosine its sign: all four quarters equally.
        V swap = S.ShiftRightBits(S.ShiftLeftBits(bits, 23), 31); // bit 8
        V sign = S.ShiftLeftBits(S.ShiftRightBits(bits, 7), 31); // bit 7
        V mask = S.SubtractBits(S.AllBits(0), swap);
        V difference = S.AndBits(S.XorBits(s, c), mask);
        cosine = S.XorBits(S.XorBits(c, difference), sign);
        sine = S.XorBits(S.XorBits(s, difference), sign);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Next(ref V s0, ref V s1, ref V s2, ref V s3)
    {
        V result = S.AddBits(s0, s3);
        V t = S.ShiftLeftBits(s1, 9);
        s2 = S.XorBits(s2, s0);
        s3 = S.XorBits(s3, s1);
        s1 = S.XorBits(s1, s2);
        s0 = S.XorBits(s0, s3);
        s2 = S.XorBits(s2, t);
        s3 = S.XorBits(S.ShiftLeftBits(s3, 11), S.ShiftRightBits(s3, 21));
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(ref float state, int lane, out V s0, out V s1, out V s2, out V s3)
    {
        s0 = S.Load(ref Unsafe.Add(ref state, lane));
        s1 = S.Load(ref Unsafe.Add(ref state, Lanes + lane));
        s2 = S.Load(ref Unsafe.Add(ref state, (2 * Lanes) + lane));
        s3 = S.Load(ref Unsafe.Add(ref state, (3 * Lanes) + lane));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Save(ref float state, int lane, V s0, V s1, V s2, V s3)
    {
        S.Store(ref Unsafe.Add(ref state, lane), s0);
        S.Store(ref Unsafe.Add(ref state, Lanes + lane), s1);
        S.Store(ref Unsafe.Add(ref state, (2 * Lanes) + lane), s2);
        S.Store(ref Unsafe.Add(ref state, (3 * Lanes) + lane), s3);
    }
}
