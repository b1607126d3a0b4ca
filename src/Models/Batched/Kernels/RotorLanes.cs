using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Robotics.Models;

/// <summary>Thrust curve of one rotor and what a newton of its thrust does to the scaled angular velocity.</summary>
internal readonly struct RotorLanes
{
    public readonly V A0, A1, A2;
    private readonly V _c0, _c1, _c2;

    public RotorLanes(RotorParameters p, Vector3<double> torqueScale)
    {
        (_c0, _c1, _c2) = (QuadrotorLanes.All(p.ThrustCurveN.X), QuadrotorLanes.All(p.ThrustCurveN.Y), QuadrotorLanes.All(p.ThrustCurveN.Z));
        Vector3<double> perNewton = Vector3<double>.Scale(
            torqueScale, (p.TorqueConstantM * p.TorqueDirection) + Vector3<double>.Cross(p.PositionM, p.ThrustDirection));
        (A0, A1, A2) = (QuadrotorLanes.All(perNewton.X), QuadrotorLanes.All(perNewton.Y), QuadrotorLanes.All(perNewton.Z));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Thrust(V u) => Vector512.MultiplyAddEstimate(u, Vector512.MultiplyAddEstimate(u, _c2, _c1), _c0);
}
