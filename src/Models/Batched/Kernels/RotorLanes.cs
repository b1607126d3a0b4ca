using System.Runtime.CompilerServices;

namespace Robotics.Models;

/// <summary>Thrust curve of one rotor and what a newton of its thrust does to the scaled angular velocity.</summary>
internal readonly struct RotorLanes<S, V>
    where S : struct, IWide<V>
    where V : struct
{
    public readonly V A0, A1, A2;
    private readonly V _c0, _c1, _c2;

    public RotorLanes(RotorParameters p, Vector3<double> torqueScale)
    {
        (_c0, _c1, _c2) = (QuadrotorLanes<S, V>.All(p.ThrustCurveN.X), QuadrotorLanes<S, V>.All(p.ThrustCurveN.Y), QuadrotorLanes<S, V>.All(p.ThrustCurveN.Z));
        Vector3<double> perNewton = Vector3<double>.Scale(
            torqueScale, (p.TorqueConstantM * p.TorqueDirection) + Vector3<double>.Cross(p.PositionM, p.ThrustDirection));
        (A0, A1, A2) = (QuadrotorLanes<S, V>.All(perNewton.X), QuadrotorLanes<S, V>.All(perNewton.Y), QuadrotorLanes<S, V>.All(perNewton.Z));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Thrust(V u) => S.Fma(u, S.Fma(u, _c2, _c1), _c0);

    /// <summary>Derivative of the thrust by the rotor speed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Slope(V u) => S.Fma(S.Add(u, u), _c2, _c1);
}
