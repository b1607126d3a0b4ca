namespace Robotics.Models;

/// <summary>Floats side by side in one register: kernels are written once against this and compiled for each register width.</summary>
/// <remarks>The members ending in Bits treat each float as its 32 bits. Every member is one or two instructions.</remarks>
/// <typeparam name="TVector">The register type. Not wrapped in a struct of our own with operators: the compiler then keeps values in memory
/// (measured: a tenth of the speed).</typeparam>
public interface IWide<TVector>
    where TVector : struct
{
    /// <summary>Number of floats; divides 16.</summary>
    static abstract int Count { get; }

    /// <summary>The same value in every lane.</summary>
    static abstract TVector All(float value);

    /// <summary>The same 32 bits in every lane.</summary>
    static abstract TVector AllBits(uint bits);

    /// <summary>Loads from <paramref name="source"/> on; no alignment needed.</summary>
    static abstract TVector Load(ref float source);

    /// <summary>Stores to <paramref name="destination"/> on.</summary>
    static abstract void Store(ref float destination, TVector value);

    /// <summary>Sum.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>Difference.</summary>
    static abstract TVector Sub(TVector a, TVector b);

    /// <summary>Product.</summary>
    static abstract TVector Mul(TVector a, TVector b);

    /// <summary>Quotient.</summary>
    static abstract TVector Div(TVector a, TVector b);

    /// <summary>c - a * b, fused where the machine can.</summary>
    static abstract TVector Fnma(TVector a, TVector b, TVector c);

    /// <summary>a * b + c, fused where the machine can.</summary>
    static abstract TVector Fma(TVector a, TVector b, TVector c);

    /// <summary>Square root.</summary>
    static abstract TVector Sqrt(TVector a);

    /// <summary>The smaller; which of the two where one is NaN is the machine's choice.</summary>
    static abstract TVector Min(TVector a, TVector b);

    /// <summary>The greater; which of the two where one is NaN is the machine's choice.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>Where a is at least b: <paramref name="yes"/>, else <paramref name="no"/>. Comparisons with NaN are false.</summary>
    static abstract TVector IfAtLeast(TVector a, TVector b, TVector yes, TVector no);

    /// <summary>One bit per lane, lane 0 lowest, set where a is at most b. Comparisons with NaN are false.</summary>
    static abstract uint AtMostMask(TVector a, TVector b);

    /// <summary>Sum of the bits as unsigned numbers.</summary>
    static abstract TVector AddBits(TVector a, TVector b);

    /// <summary>Difference of the bits as unsigned numbers.</summary>
    static abstract TVector SubtractBits(TVector a, TVector b);

    /// <summary>Exclusive or of the bits.</summary>
    static abstract TVector XorBits(TVector a, TVector b);

    /// <summary>Bitwise and.</summary>
    static abstract TVector AndBits(TVector a, TVector b);

    /// <summary>Bits moved up by <paramref name="count"/>.</summary>
    static abstract TVector ShiftLeftBits(TVector a, int count);

    /// <summary>Bits moved down by <paramref name="count"/>, zeros coming in.</summary>
    static abstract TVector ShiftRightBits(TVector a, int count);

    /// <summary>The bits as a signed number, converted to float.</summary>
    static abstract TVector FromSignedBits(TVector a);
}
