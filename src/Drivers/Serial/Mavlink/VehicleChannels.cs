using Robotics.Core;
using Robotics.Models;

namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>Channels of a MAVLink vehicle.</summary>
internal static class VehicleChannels
{
    public static ChannelLayout State { get; } =
        new([
            .. Of(ChannelNames.Position, "m"),
            .. Of(ChannelNames.Orientation, "1"),
            .. Of(ChannelNames.LinearVelocity, "m/s"),
            .. Of(ChannelNames.AngularVelocity, "rad/s"),
        ]);

    public static ChannelLayout Command(MavlinkDriverOptions options)
    {
        var thrust = new Channel(ChannelNames.CollectiveThrust, "1", options.Thrust.Minimum, options.Thrust.Maximum);
        double limit = options.Limit;
        return options.Setpoint switch
        {
            VehicleSetpoint.Rates => QuadrotorChannels.RateCommand(limit, options.Thrust.Minimum, options.Thrust.Maximum),
            VehicleSetpoint.Attitude => new([.. Of(ChannelNames.OrientationSetpoint, "1", limit), thrust]),
            VehicleSetpoint.Velocity => new([
                .. Of(ChannelNames.VelocitySetpoint, "m/s", limit),
                new Channel(ChannelNames.YawRateSetpoint, "rad/s", -options.MaxYawRate, options.MaxYawRate),
            ]),
            _ => new([.. Of(ChannelNames.PositionSetpoint, "m", limit), new Channel(ChannelNames.YawSetpoint, "rad", -Math.PI, Math.PI)]),
        };
    }

    private static IEnumerable<Channel> Of(IReadOnlyList<string> names, string unit, double limit = double.PositiveInfinity) =>
        names.Select(n => new Channel(n, unit, -limit, limit));
}
