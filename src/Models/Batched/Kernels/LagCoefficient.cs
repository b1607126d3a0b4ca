using V = System.Runtime.Intrinsics.Vector512<float>;

namespace Robotics.Models;

/// <summary>Share of the way to its set-point that each rotor has gone in one stage, while rising and while falling.</summary>
internal readonly struct LagCoefficient
{
    public readonly V Rise0, Rise1, Rise2, Rise3, Fall0, Fall1, Fall2, Fall3;

    /// <summary>True where one coefficient serves all rotors both ways.</summary>
    public readonly bool Single;

    public LagCoefficient(QuadrotorParameters p, double dt, Func<double, double> share)
    {
        double[] rise = [.. p.Rotors.Select(r => share(dt / r.RiseTimeConstantS))];
        double[] fall = [.. p.Rotors.Select(r => share(dt / r.FallTimeConstantS))];
        (Rise0, Rise1, Rise2, Rise3) = (QuadrotorLanes.All(rise[0]), QuadrotorLanes.All(rise[1]), QuadrotorLanes.All(rise[2]), QuadrotorLanes.All(rise[3]));
        (Fall0, Fall1, Fall2, Fall3) = (QuadrotorLanes.All(fall[0]), QuadrotorLanes.All(fall[1]), QuadrotorLanes.All(fall[2]), QuadrotorLanes.All(fall[3]));
        Single = rise.Concat(fall).All(a => a == rise[0]);
    }
}
