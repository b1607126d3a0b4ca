using System.Runtime.Intrinsics;
using Robotics.Core;

namespace Robotics.Models;

/// <summary>Random numbers 16 at a time: sixteen xoshiro128+ generators side by side, seeded from a <see cref="SeededRandom"/>.</summary>
/// <remarks>
/// For noise and starting states of many simulated vehicles. Lane i's stream is its own, so results do not depend on the register width.
/// Source: Blackman and Vigna 2021, xoshiro128+ ("for 32-bit floating-point numbers", upper bits). Not thread-safe, does not allocate.
/// </remarks>
public sealed class LaneRandom
{
    private readonly LaneBlocks _state = new(LaneBlocks.Lanes, 4); // s0..s3, one row each, as bits
    private readonly RandomFiller _filler;

    /// <summary>Generators for <paramref name="purpose"/> under <paramref name="seed"/>.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What they are for: other purposes draw other numbers.</param>
    /// <param name="registerBits">512, 256 or 128; 0 for the widest the machine has.</param>
    public LaneRandom(ulong seed, string purpose, int registerBits = 0)
    {
        var random = new SeededRandom(seed, purpose);
        foreach (ref float value in _state.Block(0))
            value = BitConverter.UInt32BitsToSingle((uint)(random.NextUInt64() >> 32));
        _filler = WideWidth.Choose(registerBits) switch
        {
            512 => new Filler<Wide512, Vector512<float>>(),
            256 => new Filler<Wide256, Vector256<float>>(),
            _ => new Filler<Wide128, Vector128<float>>(),
        };
    }

    /// <summary>Fills whole rows of 16 with uniform numbers in [-1, 1).</summary>
    public void FillUniform(Span<float> rows)
    {
        CheckRows(rows.Length, LaneBlocks.Lanes);
        if (rows.Length > 0)
            _filler.Uniform(ref _state.First(0), ref rows[0], rows.Length / LaneBlocks.Lanes);
    }

    /// <summary>Fills pairs of rows of 16 with standard normal numbers (Box and Muller 1958).</summary>
    public void FillGaussian(Span<float> rows)
    {
        CheckRows(rows.Length, 2 * LaneBlocks.Lanes);
        if (rows.Length > 0)
            _filler.Gaussian(ref _state.First(0), ref rows[0], rows.Length / (2 * LaneBlocks.Lanes));
    }

    private static void CheckRows(int length, int multiple)
    {
        if (length % multiple != 0)
            throw new ArgumentException($"{length} values; a multiple of {multiple} is filled");
    }

    private abstract class RandomFiller
    {
        public abstract void Uniform(ref float state, ref float rows, int count);

        public abstract void Gaussian(ref float state, ref float rows, int pairs);
    }

    private sealed class Filler<S, V> : RandomFiller
        where S : struct, IWide<V>
        where V : struct
    {
        public override void Uniform(ref float state, ref float rows, int count) => RandomKernel<S, V>.Uniform(ref state, ref rows, count);

        public override void Gaussian(ref float state, ref float rows, int pairs) => RandomKernel<S, V>.Gaussian(ref state, ref rows, pairs);
    }
}
