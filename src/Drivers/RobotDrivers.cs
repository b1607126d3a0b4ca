using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers.Ros2;
using Robotics.Drivers.Serial.Mavlink;
using Robotics.Drivers.Serial.Mcu;
using Robotics.Drivers.Serial.Msp;
using Robotics.Drivers.Serial.Servos;

namespace Robotics.Drivers;

/// <summary>Makes the driver that robot.yaml names: a simulated and a real robot differ in this one section.</summary>
/// <remarks>To add a kind: 1. add its name to <see cref="Kinds"/>; 2. add its case to <see cref="Create"/>.</remarks>
public static class RobotDrivers
{
    private static readonly string[] s_kinds = ["simulated", "mavlink", "feetech", "dynamixel", "mcu", "betaflight", "ros2"];

    /// <summary>Values that <c>driver.kind</c> may take.</summary>
    public static IReadOnlyList<string> Kinds => s_kinds;

    /// <summary>The driver of <paramref name="robotRoot"/> (the top mapping of robot.yaml).</summary>
    /// <param name="robotRoot">Problems go to its document; the caller lists them and then must not use the driver.</param>
    /// <param name="clock">The control process's clock: simulated time in lockstep, monotonic otherwise.</param>
    /// <param name="seed">Seed of everything random inside a simulated driver.</param>
    public static IRobotDriver Create(ConfigMap robotRoot, IClock clock, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(robotRoot);
        ConfigMap driver = robotRoot.Map("driver");
        return driver.OneOf("kind", s_kinds) switch
        {
            "feetech" or "dynamixel" => OpenArm(robotRoot, clock),
            "mavlink" => OpenMavlink(robotRoot, clock),
            "mcu" => OpenMcu(robotRoot, clock),
            "betaflight" => OpenBetaflight(robotRoot, clock),
            "ros2" => Ros2Driver.Read(driver, robotRoot.Map("channels"), clock),
            _ => Break(SimulatedQuadrotor.Read(driver, robotRoot.Map("airframe"), clock, seed), driver, clock, seed),
        };
    }

    private static MavlinkDriver OpenMavlink(ConfigMap robotRoot, IClock clock)
    {
        MavlinkDriverOptions options = MavlinkDriverOptions.Read(robotRoot);
        ThrowIfProblems(robotRoot);
        return MavlinkDriver.Open(options, clock);
    }

    private static ServoArmDriver OpenArm(ConfigMap robotRoot, IClock clock)
    {
        ServoArmOptions options = ServoArmOptions.Read(robotRoot);
        ThrowIfProblems(robotRoot);
        return ServoArmDriver.Open(options, clock);
    }

    private static McuDriver OpenMcu(ConfigMap robotRoot, IClock clock)
    {
        McuDriverOptions options = McuDriverOptions.Read(robotRoot);
        ThrowIfProblems(robotRoot);
        return McuDriver.Open(options, clock);
    }

    private static BetaflightDriver OpenBetaflight(ConfigMap robotRoot, IClock clock)
    {
        BetaflightOptions options = BetaflightOptions.Read(robotRoot);
        ThrowIfProblems(robotRoot);
        return BetaflightDriver.Open(options, clock);
    }

    // A device is never opened on a configuration that is already known to be wrong.
    private static void ThrowIfProblems(ConfigMap robotRoot)
    {
        if (robotRoot.Document.Problems.Count > 0)
            throw new ConfigurationException(robotRoot.Document.Problems);
    }

    // Only a simulated robot may be broken by script.
    private static IRobotDriver Break(SimulatedQuadrotor robot, ConfigMap driver, IClock clock, ulong seed)
    {
        IReadOnlyList<ConfigMap> faults = driver.Maps("faults", required: false);
        return faults.Count == 0 ? robot : new FaultyRobot(robot, FaultScript.Read(faults, robot.StateChannels, robot.CommandChannels), clock, seed);
    }
}
