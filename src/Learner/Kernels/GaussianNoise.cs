using System.Runtime.Intrinsics;
using Robotics.Core;

namespace Robotics.Learner.Kernels;

/// <summary>Blocks of standard normal numbers, sixteen at a time: xoshiro128+ per lane and the Box-Muller transform.</summary>
/// <remarks>Same numbers on every machine width (16 lanes whatever the registers), so checkpoints resume bit-exactly. Source of the
/// generator: Blackman and Vigna, ACM TOMS 47 (2021); of the transform: Box and Muller 1958. Not thread-safe.</remarks>
public sealed class GaussianNoise
{
    /// <summary>Words that <see cref="SaveState"/> writes.</summary>
    public const int StateLength = 4 * Lanes;

    private const int Lanes = 16;
    private Vector512<uint> _s0;
    private Vector512<uint> _s1;
    private Vector512<uint> _s2;
    private Vector512<uint> _s3;

    /// <summary>Lanes seeded from <paramref name="random"/>.</summary>
    public GaussianNoise(SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Span<uint> state = stackalloc uint[StateLength];
        for (int i = 0; i < state.Length; i++)
            state[i] = (uint)(random.NextUInt64() >> 32);
        RestoreState(state);
    }

    /// <summary>Fills <paramref name="target"/> with N(0, 1); its length is a multiple of 32.</summary>
    public void Fill(Span<float> target)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(target.Length % (2 * Lanes), 0);
        for (int i = 0; i < target.Length; i += 2 * Lanes)
        {
            // u in (0, 1] so that the logarithm is finite; 24 bits as a float holds.
            Vector512<float> u = (Vector512.ConvertToSingle((Next() >> 8).AsInt32()) + Vector512<float>.One) * Vector512.Create(1f / (1 << 24));
            Vector512<float> angle = Vector512.ConvertToSingle((Next() >> 8).AsInt32()) * Vector512.Create(MathF.Tau / (1 << 24));
            Vector512<float> radius = Vector512.Sqrt(Vector512.Log(u) * Vector512.Create(-2f));
            (Vector512<float> sin, Vector512<float> cos) = Vector512.SinCos(angle);
            (radius * cos).CopyTo(target[i..]);
            (radius * sin).CopyTo(target[(i + Lanes)..]);
        }
    }

    /// <summary>Writes the generator's state, for a checkpoint.</summary>
    public void SaveState(Span<uint> state)
    {
        _s0.CopyTo(state);
        _s1.CopyTo(state[Lanes..]);
        _s2.CopyTo(state[(2 * Lanes)..]);
        _s3.CopyTo(state[(3 * Lanes)..]);
    }

    /// <summary>Restores what <see cref="SaveState"/> wrote.</summary>
    public void RestoreState(ReadOnlySpan<uint> state)
    {
        _s0 = Vector512.Create(state);
        _s1 = Vector512.Create(state[Lanes..]);
        _s2 = Vector512.Create(state[(2 * Lanes)..]);
        _s3 = Vector512.Create(state[(3 * Lanes)..]);
    }

    private Vector512<uint> Next()
    {
        Vector512<uint> result = _s0 + _s3;
        Vector512<uint> t = _s1 << 9;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = (_s3 << 11) | (_s3 >> 21);
        return result;
    }
}
