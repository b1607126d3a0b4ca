using System.Numerics;

namespace Robotics.Core;

/// <summary>A small, fast, repeatable generator: xoshiro256++ seeded by splitmix64.</summary>
/// <remarks>One generator per purpose ("reset", "noise", "exploration", "minibatch"), so that drawing more of one never
/// shifts another. Not thread-safe, does not allocate. Source: Blackman and Vigna, "Scrambled linear pseudorandom number
/// generators", ACM TOMS 47 (2021). Its whole state can be read and restored, so that a checkpoint resumes bit-exactly.</remarks>
public sealed class SeededRandom
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;
    private double _spareGaussian;
    private bool _hasSpare;

    /// <summary>A generator for <paramref name="purpose"/> under the run's <paramref name="seed"/>.</summary>
    public SeededRandom(ulong seed, string purpose = "")
    {
        ArgumentNullException.ThrowIfNull(purpose);
        // FNV-1a (64 bit) of the purpose: stable across processes, unlike string.GetHashCode.
        ulong hash = 14695981039346656037UL;
        foreach (char c in purpose)
            hash = (hash ^ c) * 1099511628211UL;
        ulong x = seed ^ hash;
        _s0 = SplitMix(ref x);
        _s1 = SplitMix(ref x);
        _s2 = SplitMix(ref x);
        _s3 = SplitMix(ref x);
    }

    /// <summary>64 uniform bits.</summary>
    public ulong NextUInt64()
    {
        ulong result = BitOperations.RotateLeft(_s0 + _s3, 23) + _s0;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1) with 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double NextUniform(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Uniform integer in [0, <paramref name="exclusiveMax"/>), by Lemire's multiply-shift (bias below 2^-32).</summary>
    public int NextInt(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        return (int)(((NextUInt64() >> 32) * (ulong)exclusiveMax) >> 32);
    }

    /// <summary>Standard normal N(0, 1), by Marsaglia's polar method.</summary>
    public double NextGaussian()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spareGaussian;
        }
        double u, v, s;
        do
        {
            u = (2 * NextDouble()) - 1;
            v = (2 * NextDouble()) - 1;
            s = (u * u) + (v * v);
        } while (s >= 1 || s == 0);
        double factor = Math.Sqrt(-2 * Math.Log(s) / s);
        _spareGaussian = v * factor;
        _hasSpare = true;
        return u * factor;
    }

    /// <summary>Number of 64-bit words that <see cref="SaveState"/> writes.</summary>
    public const int StateLength = 6;

    /// <summary>Writes the whole state, for a checkpoint. <paramref name="state"/> holds at least <see cref="StateLength"/> words.</summary>
    public void SaveState(Span<ulong> state)
    {
        state[0] = _s0;
        state[1] = _s1;
        state[2] = _s2;
        state[3] = _s3;
        state[4] = BitConverter.DoubleToUInt64Bits(_spareGaussian);
        state[5] = _hasSpare ? 1UL : 0UL;
    }

    /// <summary>Restores what <see cref="SaveState"/> wrote: the next draws are those that would have followed.</summary>
    public void RestoreState(ReadOnlySpan<ulong> state)
    {
        _s0 = state[0];
        _s1 = state[1];
        _s2 = state[2];
        _s3 = state[3];
        _spareGaussian = BitConverter.UInt64BitsToDouble(state[4]);
        _hasSpare = state[5] != 0;
    }

    private static ulong SplitMix(ref ulong x)
    {
        x += 0x9E3779B97F4A7C15UL;
        ulong z = x;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
