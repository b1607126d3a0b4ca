namespace Robotics.Learner.Kernels;

/// <summary>The few vector instructions the kernels are written in, so that one text serves every instruction set.</summary>
/// <typeparam name="TVector">The register type; the JIT compiles one copy of every kernel per register type.</typeparam>
internal unsafe interface ILanes<TVector>
    where TVector : struct
{
    /// <summary>Floats per register.</summary>
    static abstract int Width { get; }

    static abstract TVector Load(float* source);

    static abstract void Store(float* target, TVector value);

    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a * b + c, rounded once where the machine has such an instruction.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The smaller; <paramref name="b"/> where either is NaN or they are equal, so a bound stands first and NaN goes through.</summary>
    static abstract TVector Min(TVector a, TVector b);

    /// <summary>The larger; <paramref name="b"/> where either is NaN or they are equal.</summary>
    static abstract TVector Max(TVector a, TVector b);

    static abstract TVector Sqrt(TVector a);

    /// <summary>1 / a to within two units in the last place; a is finite, positive and normal.</summary>
    static abstract TVector Reciprocal(TVector a);

    /// <summary>value where gate &gt; 0, else 0.</summary>
    static abstract TVector WherePositive(TVector gate, TVector value);

    static abstract float Sum(TVector a);

    /// <summary>eˣ, to the platform's accuracy (about one unit in the last place).</summary>
    static abstract TVector Exp(TVector a);
}
