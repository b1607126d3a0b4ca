using Robotics.Configuration;
using Robotics.Core;
using Robotics.Drivers;
using Robotics.Safety;

namespace Robotics.Runtime.Composition;

/// <summary>What robot.yaml alone says: the driver with its channels, the supervisor with its limits, the rate of the loop.</summary>
/// <param name="Name">Name of the robot.</param>
/// <param name="ControlRateHz">Supervisor ticks per second.</param>
/// <param name="Driver">Where samples come from and commands go.</param>
/// <param name="Supervisor">The last word before the actuators.</param>
public sealed record RobotProfile(string Name, double ControlRateHz, IRobotDriver Driver, SafetySupervisor Supervisor)
{
    /// <summary>Reads <paramref name="document"/>; problems are collected in it, and the caller must look before it flies.</summary>
    /// <param name="document">A robot.yaml.</param>
    /// <param name="clock">The control thread's clock.</param>
    /// <param name="seed">Seed of everything random inside a simulated driver.</param>
    /// <param name="attach">False where the robot is not flown here: its device stays closed.</param>
    public static RobotProfile Read(ConfigDocument document, IClock clock, ulong seed, bool attach)
    {
        ArgumentNullException.ThrowIfNull(document);
        string name = document.Root.String("robot");
        double controlRateHz = document.Root.Number("control_rate_hz", 1, 10_000, 100);
        IRobotDriver driver = RobotDrivers.Create(document.Root, clock, seed, attach);
        SafetySupervisor supervisor = SafetySupervisor.Read(document.Root, driver.StateChannels, driver.CommandChannels, 1 / controlRateHz);
        bool asksForCalibration = (supervisor.Settings.Arming.Required & ArmingChecks.Calibration) != 0;
        if (asksForCalibration && driver is not (IResettableRobot or ICalibratedDevice { DeclaresCalibration: true }))
            document.Root.Map("arming").AddProblem("checks", "calibration: nobody can confirm it; it needs an arm of servos with driver.calibration_sha256 (what sha256sum gives for its calibration_file)");
        return new RobotProfile(name, controlRateHz, driver, supervisor);
    }

    /// <summary>Checks a robot.yaml without opening its device: every problem, and whether its baseline can do what it promises.</summary>
    /// <exception cref="ConfigurationException">With every problem.</exception>
    public static RobotProfile Check(string path, IEnumerable<string>? overrides = null)
    {
        ConfigDocument document = ConfigDocument.Load(path);
        foreach (string assignment in overrides ?? [])
            document.Override(assignment);
        RobotProfile profile = Read(document, new ManualClock(1), seed: 0, attach: false);
        document.Finish();
        if (document.Problems.Count == 0 && profile.Supervisor.ValidateBaseline() is { } wrong)
            document.Root.AddProblem("baseline", $"{wrong}; it would be refused at arming");
        return document.Problems.Count == 0 ? profile : throw new ConfigurationException(document.Problems);
    }
}
