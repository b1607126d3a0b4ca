using System.Numerics;
using Robotics.Core;

namespace Robotics.Models;

/// <summary>Order of a simulated quadrotor's channels: p(3) q(4) v(3) w(3) | rotor(4) F(3) M(3), the last ten privileged.</summary>
public static class QuadrotorChannels
{
    /// <summary>Number of state channels.</summary>
    public const int StateCount = 23;

    /// <summary>Index of the first of the six disturbance channels.</summary>
    public const int DisturbanceStart = 17;

    // The model's own bound on position and velocities.
    private const double Limit = 1e5;

    /// <summary>State channels of the airframe <paramref name="p"/>.</summary>
    public static ChannelLayout State(QuadrotorParameters p)
    {
        ArgumentNullException.ThrowIfNull(p);
        return new ChannelLayout([
            .. ChannelNames.Position.Select(n => new Channel(n, "m", -Limit, Limit)),
            .. ChannelNames.Orientation.Select(n => new Channel(n, "1", -1, 1)),
            .. ChannelNames.LinearVelocity.Select(n => new Channel(n, "m/s", -Limit, Limit)),
            .. ChannelNames.AngularVelocity.Select(n => new Channel(n, "rad/s", -Limit, Limit)),
            .. ChannelNames.RotorSpeed.Select(n => new Channel(n, p.CommandUnit, p.CommandMinimum, p.CommandMaximum, Privileged: true)),
            .. ChannelNames.DisturbanceForce.Select(n => new Channel(n, "N", Privileged: true)),
            .. ChannelNames.DisturbanceTorque.Select(n => new Channel(n, "N m", Privileged: true)),
        ]);
    }

    /// <summary>Command channels of the airframe <paramref name="p"/>: one set-point per rotor.</summary>
    public static ChannelLayout Command(QuadrotorParameters p)
    {
        ArgumentNullException.ThrowIfNull(p);
        return new ChannelLayout(ChannelNames.Rotors.Select(n => new Channel(n, p.CommandUnit, p.CommandMinimum, p.CommandMaximum)));
    }

    /// <summary>Command channels of a vehicle whose flight controller keeps the rate loop: body rates within <paramref name="maxRate"/> rad/s, collective thrust.</summary>
    public static ChannelLayout RateCommand(double maxRate, double minThrust = 0, double maxThrust = 1) =>
        new([
            .. ChannelNames.BodyRates.Select(n => new Channel(n, "rad/s", -maxRate, maxRate)),
            new Channel(ChannelNames.CollectiveThrust, "1", minThrust, maxThrust),
        ]);

    /// <summary>Writes <paramref name="s"/> in channel order.</summary>
    public static void Pack<T>(QuadrotorState<T> s, Span<float> values)
        where T : IFloatingPointIeee754<T>
    {
        Pack(s.Position, values);
        values[3] = float.CreateChecked(s.Orientation.W);
        values[4] = float.CreateChecked(s.Orientation.X);
        values[5] = float.CreateChecked(s.Orientation.Y);
        values[6] = float.CreateChecked(s.Orientation.Z);
        Pack(s.LinearVelocity, values[7..]);
        Pack(s.AngularVelocity, values[10..]);
        for (int i = 0; i < QuadrotorParameters.RotorCount; i++)
            values[13 + i] = float.CreateChecked(s.RotorSpeed[i]);
        Pack(s.DisturbanceForce, values[17..]);
        Pack(s.DisturbanceTorque, values[20..]);
    }

    /// <summary><paramref name="fallback"/> with every value replaced that is not NaN.</summary>
    public static QuadrotorState<T> Unpack<T>(ReadOnlySpan<float> values, QuadrotorState<T> fallback)
        where T : IFloatingPointIeee754<T>
    {
        QuadrotorState<T> s = fallback;
        s.Position = Unpack(values, s.Position);
        var q = new Quaternion<T>(T.CreateChecked(values[3]), T.CreateChecked(values[4]), T.CreateChecked(values[5]), T.CreateChecked(values[6]));
        if (T.IsFinite(q.W + q.X + q.Y + q.Z))
            s.Orientation = q.Normalised();
        s.LinearVelocity = Unpack(values[7..], s.LinearVelocity);
        s.AngularVelocity = Unpack(values[10..], s.AngularVelocity);
        for (int i = 0; i < QuadrotorParameters.RotorCount; i++)
            s.RotorSpeed[i] = Or(values[13 + i], s.RotorSpeed[i]);
        s.DisturbanceForce = Unpack(values[17..], s.DisturbanceForce);
        s.DisturbanceTorque = Unpack(values[20..], s.DisturbanceTorque);
        return s;
    }

    private static void Pack<T>(Vector3<T> v, Span<float> values)
        where T : IFloatingPointIeee754<T>
    {
        values[0] = float.CreateChecked(v.X);
        values[1] = float.CreateChecked(v.Y);
        values[2] = float.CreateChecked(v.Z);
    }

    private static Vector3<T> Unpack<T>(ReadOnlySpan<float> values, Vector3<T> fallback)
        where T : IFloatingPointIeee754<T> =>
        new(Or(values[0], fallback.X), Or(values[1], fallback.Y), Or(values[2], fallback.Z));

    private static T Or<T>(float value, T fallback)
        where T : IFloatingPointIeee754<T> => float.IsNaN(value) ? fallback : T.CreateChecked(value);
}
