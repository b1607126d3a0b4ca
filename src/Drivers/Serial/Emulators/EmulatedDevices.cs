using Robotics.Configuration;
using Robotics.Drivers.Serial.Mavlink;
using Robotics.Drivers.Serial.Servos;
using Robotics.Models;

namespace Robotics.Drivers.Serial.Emulators;

/// <summary>Makes the emulated device behind a robot.yaml whose driver speaks a serial protocol.</summary>
public static class EmulatedDevices
{
    /// <summary>Driver kinds that can be emulated in C#; the microcontroller's own firmware is C and runs as a process.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["mavlink", "feetech", "dynamixel"];

    /// <summary>The device of <paramref name="robotRoot"/> on <paramref name="stream"/>; problems go to the document.</summary>
    public static IEmulatedDevice Create(ConfigMap robotRoot, IByteStream stream)
    {
        ArgumentNullException.ThrowIfNull(robotRoot);
        return robotRoot.Map("driver").OneOf("kind", Kinds) == "mavlink"
            ? new EmulatedAutopilot(MavlinkDriverOptions.Read(robotRoot).Autopilot, AirframeOf(robotRoot), stream)
            : Servos(ServoArmOptions.Read(robotRoot), stream);
    }

    /// <summary>A bus with the declared joints, all at the middle of their turn.</summary>
    public static EmulatedServoBus Servos(ServoArmOptions options, IByteStream stream)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new EmulatedServoBus(options.Protocol, stream, options.Joints.Count, options.Protocol.Registers.Models[0]);
    }

    private static QuadrotorParameters AirframeOf(ConfigMap robotRoot)
    {
        if (!robotRoot.Has("airframe"))
            robotRoot.AddProblem("airframe", "an emulated autopilot flies the airframe that robot.yaml declares; copy one from hardware/sim-quad-*/robot.yaml");
        return QuadrotorParameters.Read(robotRoot.Map("airframe"));
    }
}
