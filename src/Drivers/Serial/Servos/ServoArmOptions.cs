using System.Security.Cryptography;
using Robotics.Configuration;

namespace Robotics.Drivers.Serial.Servos;

/// <summary>The <c>driver</c> and <c>channels</c> sections of a servo arm's robot.yaml, with its calibration file.</summary>
public sealed record ServoArmOptions
{
    /// <summary>Where the bus is reached.</summary>
    public required ByteEndpoint Endpoint { get; init; }

    /// <summary>Feetech or Dynamixel.</summary>
    public required IServoProtocol Protocol { get; init; }

    /// <summary>Joints in channel order.</summary>
    public required IReadOnlyList<ServoJoint> Joints { get; init; }

    /// <summary>Largest torque, share of the servo's full torque: written and read back before arming (R16).</summary>
    public double TorqueLimit { get; init; } = 0.5;

    /// <summary>Above this a servo stops the arm, degrees Celsius. Feetech's own limit register ships with 70.</summary>
    public double MaxTemperatureC { get; init; } = 60;

    /// <summary>A joint whose load stays above this share while it does not move is stuck.</summary>
    public double StuckLoad { get; init; } = 0.4;

    /// <summary>For how long, s.</summary>
    public double StuckTimeS { get; init; } = 0.5;

    /// <summary>Dynamixel bus watchdog, s; 0 for a bus that has none and whose servos are declared to hold.</summary>
    public double BusWatchdogS { get; init; }

    /// <summary>SHA-256 of the calibration file as robot.yaml declares it, 64 hexadecimal digits; empty where it declares none.</summary>
    public string DeclaredCalibration { get; init; } = "";

    /// <summary>SHA-256 of the bytes that <see cref="Joints"/> were read from; empty where there was no calibration file.</summary>
    public string Calibration { get; init; } = "";

    /// <summary>Reads the sections; problems go to the documents.</summary>
    public static ServoArmOptions Read(ConfigMap root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return Read(root.Map("driver"), root.Map("channels"));
    }

    /// <summary>Reads a bus that another driver moves: <paramref name="driver"/> says what and where it is, <paramref name="channels"/> its joints.</summary>
    public static ServoArmOptions Read(ConfigMap driver, ConfigMap channels)
    {
        ArgumentNullException.ThrowIfNull(driver);
        ArgumentNullException.ThrowIfNull(channels);
        bool feetech = driver.OneOf("kind", ["feetech", "dynamixel"]) == "feetech";
        string text = driver.String("endpoint");
        if (!ByteEndpoint.TryParse(text, out ByteEndpoint? endpoint, out string problem) && text.Length > 0)
            driver.AddProblem("endpoint", problem);
        string declared = driver.String("calibration_sha256", "");
        if (declared.Length > 0 && (declared.Length != 2 * SHA256.HashSizeInBytes || !declared.All(char.IsAsciiHexDigit)))
            driver.AddProblem("calibration_sha256", $"'{declared}' is no SHA-256: write the 64 hexadecimal digits that sha256sum gives for the calibration_file");
        ConfigDocument? calibration = LoadCalibration(driver);
        return new ServoArmOptions
        {
            DeclaredCalibration = declared,
            Calibration = calibration is null ? "" : Convert.ToHexStringLower(calibration.ContentHash.Span),
            Endpoint = endpoint ?? new ByteEndpoint(EndpointKind.Serial, "/dev/null", 1_000_000),
            Protocol = feetech ? new FeetechProtocol() : new DynamixelProtocol(),
            Joints = ReadJoints(driver, channels, calibration),
            TorqueLimit = driver.Number("torque_limit", 0.05, 1),
            MaxTemperatureC = driver.Number("max_temperature_celsius", 30, 80, 60),
            StuckLoad = driver.Number("stuck_load", 0.05, 1, 0.4),
            StuckTimeS = driver.Number("stuck_time_ms", 50, 5000, 500) / 1000,
            BusWatchdogS = ReadHostLoss(driver, feetech),
        };
    }

    // R16: what the arm does when the host is gone must be declared, because an STS3215 has no watchdog of its own.
    private static double ReadHostLoss(ConfigMap driver, bool feetech)
    {
        string behaviour = driver.OneOf("on_host_loss", ["hold", "stop"]);
        if (behaviour == "stop" && feetech)
            driver.AddProblem("on_host_loss", "an STS3215 has no bus watchdog: it holds its last goal with the torque limit; declare hold, and a torque_limit it may hold with");
        return behaviour == "stop" && !feetech ? driver.Number("bus_watchdog_ms", 20, 2000) / 1000 : 0;
    }

    private static List<ServoJoint> ReadJoints(ConfigMap driver, ConfigMap channels, ConfigDocument? calibration)
    {
        var joints = new List<ServoJoint>();
        foreach (ConfigMap joint in channels.Maps("joints"))
        {
            string name = joint.String("name");
            double min = joint.Number("min_rad", -2 * Math.PI, 2 * Math.PI);
            double max = joint.Number("max_rad", min, 2 * Math.PI);
            ConfigMap? place = calibration?.Root.Map("joints").Map(name);
            if (place is not null)
                joints.Add(new ServoJoint(name, (byte)place.Integer("id", 1, 252), (int)place.Integer("zero_steps", 0, 4095), (int)place.Integer("direction", -1, 1), min, max));
        }
        calibration?.Finish();
        foreach (ConfigProblem p in calibration?.Problems ?? [])
            driver.AddProblem("calibration_file", $"{p.File}:{p.Line}: {p.Message}");
        return joints;
    }

    private static ConfigDocument? LoadCalibration(ConfigMap driver)
    {
        try
        {
            return ConfigDocument.Load(Path.Combine(driver.Document.Folder, driver.String("calibration_file")));
        }
        catch (ConfigurationException e)
        {
            driver.AddProblem("calibration_file", e.Message);
            return null;
        }
    }
}
