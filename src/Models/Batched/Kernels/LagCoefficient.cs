namespace Robotics.Models;

/// <summary>Share of the way to its set-point that each rotor has gone in one stage, while rising and while falling.</summary>
internal readonly struct LagCoefficient<V>
    where V : struct
{
    public readonly V Rise0, Rise1, Rise2, Rise3, Fall0, Fall1, Fall2, Fall3;

    /// <summary>True where one coefficient serves all rotors both ways.</summary>
    public readonly bool Single;

    private LagCoefficient(V[] rise, V[] fall, bool single)
    {
        (Rise0, Rise1, Rise2, Rise3) = (rise[0], rise[1], rise[2], rise[3]);
        (Fall0, Fall1, Fall2, Fall3) = (fall[0], fall[1], fall[2], fall[3]);
        Single = single;
    }

    /// <summary>The coefficients <paramref name="share"/>(dt / time constant) of all rotors.</summary>
    public static LagCoefficient<V> Of<S>(QuadrotorParameters p, double dt, Func<double, double> share)
        where S : struct, IWide<V>
    {
        double[] rise = [.. p.Rotors.Select(r => share(dt / r.RiseTimeConstantS))];
        double[] fall = [.. p.Rotors.Select(r => share(dt / r.FallTimeConstantS))];
        V[] lanes(double[] values) => [.. values.Select(v => S.All((float)v))];
        return new LagCoefficient<V>(lanes(rise), lanes(fall), rise.Concat(fall).All(a => a == rise[0]));
    }
}
