namespace Robotics.Policies.Kernels;

/// <summary>The few operations the kernels need, on a vector of <see cref="Count"/> floats. Written once, compiled per width.</summary>
/// <remarks>Every operation but <see cref="Sum"/> is exactly rounded, so all widths give the same bits.</remarks>
internal unsafe interface ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>Values per vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Load(float* source);

    static abstract void Store(TVector value, float* destination);

    /// <summary>The same value in all lanes.</summary>
    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a b + c, rounded once.</summary>
    static abstract TVector Fma(TVector a, TVector b, TVector c);

    static abstract TVector Min(TVector a, TVector b);

    static abstract TVector Max(TVector a, TVector b);

    static abstract TVector Abs(TVector a);

    /// <summary>2^n, where <paramref name="shifted"/> = n + 1.5·2^23 (so that n sits in its lowest bits), -126 ≤ n ≤ 127.</summary>
    static abstract TVector PowerOfTwo(TVector shifted);

    /// <summary>True where every lane is 0; false also for NaN.</summary>
    static abstract bool IsZero(TVector value);

    /// <summary><paramref name="yes"/> where <paramref name="gate"/> is above 0, else <paramref name="no"/>.</summary>
    static abstract TVector WherePositive(TVector gate, TVector yes, TVector no);

    /// <summary>Sum of all lanes; the order depends on the width, so only learners use it, never a policy that flies.</summary>
    static abstract float Sum(TVector a);
}
