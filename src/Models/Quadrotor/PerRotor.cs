using System.Runtime.CompilerServices;

namespace Robotics.Models;

/// <summary>One value per rotor, in the order of robot.yaml.</summary>
[InlineArray(QuadrotorParameters.RotorCount)]
public struct PerRotor<T>
{
    private T _first;

    /// <summary>The same value for every rotor.</summary>
    public static PerRotor<T> All(T value)
    {
        PerRotor<T> values = default;
        ((Span<T>)values).Fill(value);
        return values;
    }
}
