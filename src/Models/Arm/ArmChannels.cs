using Robotics.Core;

namespace Robotics.Models;

/// <summary>Order of a simulated arm's channels: tip p(3) v(3) yaw | peg to hole(4) contact | joints(6) | hole(3, privileged).</summary>
public static class ArmChannels
{
    /// <summary>Number of state channels.</summary>
    public const int StateCount = 21;

    /// <summary>Number of command channels: a twist without tilt.</summary>
    public const int CommandCount = 4;

    /// <summary>Index of the tip's position, three values.</summary>
    public const int Tip = 0;

    /// <summary>Index of the tip's velocity, three values.</summary>
    public const int TipVelocity = 3;

    /// <summary>Index of the tool's yaw.</summary>
    public const int Yaw = 6;

    /// <summary>Index of the peg's tip relative to the hole, three values and the relative yaw.</summary>
    public const int PegToHole = 7;

    /// <summary>Index of the contact: 1 where something holds the peg back, else 0.</summary>
    public const int Contact = 11;

    /// <summary>Index of the joints' angles.</summary>
    public const int JointStart = 12;

    /// <summary>Index of the hole's x, y and yaw.</summary>
    public const int Hole = 18;

    /// <summary>State channels of <paramref name="arm"/>.</summary>
    public static ChannelLayout State(ArmParameters arm)
    {
        ArgumentNullException.ThrowIfNull(arm);
        return new ChannelLayout([
            .. ChannelNames.Position.Select(n => new Channel(n, "m", -10, 10)),
            .. ChannelNames.LinearVelocity.Select(n => new Channel(n, "m/s", -10, 10)),
            new Channel(ChannelNames.Yaw, "rad", -Math.PI, Math.PI),
            .. ChannelNames.PegToHole.Select(n => new Channel(n, "m", -10, 10)),
            new Channel(ChannelNames.PegToHoleYaw, "rad", -2 * Math.PI, 2 * Math.PI),
            new Channel(ChannelNames.Contact, "1", 0, 1),
            .. ArmParameters.JointNames.Select((n, i) => new Channel($"joint.{n}.position", "rad", arm.MinAngle[i], arm.MaxAngle[i])),
            new Channel("hole.x", "m", Privileged: true),
            new Channel("hole.y", "m", Privileged: true),
            new Channel("hole.yaw", "rad", Privileged: true),
        ]);
    }

    /// <summary>Command channels of <paramref name="arm"/>: tip velocity in the base frame and yaw rate.</summary>
    public static ChannelLayout Command(ArmParameters arm)
    {
        ArgumentNullException.ThrowIfNull(arm);
        return new ChannelLayout([
            .. ChannelNames.VelocitySetpoint.Select(n => new Channel(n, "m/s", -arm.MaxTipSpeed, arm.MaxTipSpeed)),
            new Channel(ChannelNames.YawRateSetpoint, "rad/s", -arm.MaxYawRate, arm.MaxYawRate),
        ]);
    }
}
