using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Drivers.Serial;
using Robotics.Drivers.Serial.Emulators;
using Robotics.Drivers.Serial.Mavlink;
using Robotics.Drivers.Serial.Mcu;
using Robotics.Drivers.Serial.Msp;
using Robotics.Drivers.Serial.Servos;
using Robotics.Models;

namespace Robotics.Drivers;

/// <summary>Makes the driver that robot.yaml names: a simulated and a real robot differ in this one section.</summary>
/// <remarks>To add a kind: 1. add its name to <see cref="Kinds"/>; 2. add its case to <see cref="Create"/>.</remarks>
public static class RobotDrivers
{
    private static readonly string[] s_kinds = ["simulated", "mavlink", "feetech", "dynamixel", "mcu", "betaflight", "ros2"];
    private static readonly DateTimeOffset s_mavlinkEpoch = new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero); // of signing time stamps

    /// <summary>Values that <c>driver.kind</c> may take.</summary>
    public static IReadOnlyList<string> Kinds => s_kinds;

    /// <summary>The driver of <paramref name="robotRoot"/> (the top mapping of robot.yaml).</summary>
    /// <param name="robotRoot">Problems go to its document; the caller lists them and then must not use the driver.</param>
    /// <param name="clock">The control process's clock: simulated time in lockstep, monotonic otherwise.</param>
    /// <param name="seed">Seed of everything random inside a simulated driver.</param>
    /// <param name="attach">False for a process that needs the robot's channels only: the device stays closed, because one process owns it.
    /// A configuration that is already known to be wrong never opens a device either.</param>
    /// <exception cref="IOException">The device cannot be opened.</exception>
    public static IRobotDriver Create(ConfigMap robotRoot, IClock clock, ulong seed, bool attach = true)
    {
        ArgumentNullException.ThrowIfNull(robotRoot);
        ConfigMap driver = robotRoot.Map("driver");
        return driver.OneOf("kind", s_kinds) switch
        {
            "feetech" or "dynamixel" => Arm(robotRoot, clock, attach),
            "mavlink" => Mavlink(robotRoot, clock, attach),
            "mcu" => Mcu(robotRoot, clock, attach),
            "betaflight" => Betaflight(robotRoot, clock, attach),
            "ros2" => Ros2Driver.Read(driver, robotRoot.Map("channels"), clock, attach),
            _ => Break(Simulated(robotRoot, driver, clock, seed), driver, clock, seed),
        };
    }

    private static IRobotDriver Simulated(ConfigMap robotRoot, ConfigMap driver, IClock clock, ulong seed) =>
        driver.String("model", "quadrotor") switch
        {
            "arm" => SimulatedArm.Read(robotRoot, driver, clock),
            "servo_arm" => EmulatedPegArm.Read(robotRoot, clock),
            _ => SimulatedQuadrotor.Read(driver, robotRoot.Map("airframe"), clock, seed),
        };

    private static MavlinkDriver Mavlink(ConfigMap robotRoot, IClock clock, bool attach)
    {
        MavlinkDriverOptions options = MavlinkDriverOptions.Read(robotRoot);
        if (robotRoot.MapOrNull("airframe") is { } airframe)
            QuadrotorParameters.Read(airframe); // what the baseline is proven with and the emulator flies
        long timestamp = (WallClock.UtcNow - s_mavlinkEpoch).Ticks / 100; // 10 us; a label that must only grow from run to run
        return new MavlinkDriver(options, Stream(options.Endpoint, robotRoot, clock, attach), clock, timestamp);
    }

    private static ServoArmDriver Arm(ConfigMap robotRoot, IClock clock, bool attach)
    {
        ServoArmOptions options = ServoArmOptions.Read(robotRoot);
        return new ServoArmDriver(options, Stream(options.Endpoint, robotRoot, clock, attach), clock);
    }

    private static McuDriver Mcu(ConfigMap robotRoot, IClock clock, bool attach)
    {
        McuDriverOptions options = McuDriverOptions.Read(robotRoot);
        return new McuDriver(options, Stream(options.Endpoint, robotRoot, clock, attach), clock);
    }

    private static BetaflightDriver Betaflight(ConfigMap robotRoot, IClock clock, bool attach)
    {
        BetaflightOptions options = BetaflightOptions.Read(robotRoot);
        return new BetaflightDriver(options, Stream(options.Endpoint, robotRoot, clock, attach), clock);
    }

    private static IByteStream Stream(ByteEndpoint endpoint, ConfigMap robotRoot, IClock clock, bool attach)
    {
        bool emulated = endpoint.Kind == EndpointKind.Emulator;
        if (emulated && !EmulatedDevices.Kinds.Contains(robotRoot.Map("driver").String("kind"), StringComparer.Ordinal))
            robotRoot.Map("driver").AddProblem("endpoint", $"only {string.Join(", ", EmulatedDevices.Kinds)} can be emulated inside the process; for this device run: robotics sim --robot FILE");
        if (!attach || robotRoot.Document.Problems.Count > 0)
            return new AbsentByteStream(endpoint.ToString());
        return emulated
            ? new EmulatorByteStream(device => EmulatedDevices.Create(robotRoot, device), clock)
            : new ReplugByteStream(endpoint.Open);
    }

    // Only a simulated robot may be broken by script.
    private static IRobotDriver Break(IRobotDriver robot, ConfigMap driver, IClock clock, ulong seed)
    {
        IReadOnlyList<ConfigMap> faults = driver.Maps("faults", required: false);
        return faults.Count == 0 ? robot : new FaultyRobot(robot, FaultScript.Read(faults, robot.StateChannels, robot.CommandChannels), clock, seed);
    }
}
