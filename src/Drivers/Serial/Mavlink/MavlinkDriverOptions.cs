using Robotics.Configuration;

namespace Robotics.Drivers.Serial.Mavlink;

/// <summary>The <c>driver</c> and <c>channels</c> sections of a robot.yaml whose driver is <c>mavlink</c>.</summary>
public sealed record MavlinkDriverOptions
{
    /// <summary>Where the autopilot is reached.</summary>
    public required ByteEndpoint Endpoint { get; init; }

    /// <summary>Declared firmware; another one is refused (R36).</summary>
    public required AutopilotKind Autopilot { get; init; }

    /// <summary>MAVLink system id of the vehicle.</summary>
    public byte TargetSystem { get; init; } = 1;

    /// <summary>What is commanded.</summary>
    public required VehicleSetpoint Setpoint { get; init; }

    /// <summary>The firmware's own reaction time to lost set-points, s: written and read back before arming (R15).</summary>
    public required double SetpointTimeoutS { get; init; }

    /// <summary>PX4 COM_OBL_RC_ACT, what it does then: 0 position, 4 land, 5 hold, 6 terminate, 7 disarm.</summary>
    public int LossAction { get; init; } = 5;

    /// <summary>Rate asked of ATTITUDE_QUATERNION, LOCAL_POSITION_NED and HIGHRES_IMU, Hz.</summary>
    public double StateRateHz { get; init; } = 100;

    /// <summary>Height to which the autopilot climbs by itself before it is given set-points, m; 0: the vehicle is flying already, or PX4 is to
    /// take off by our set-points. ArduPilot takes velocity and position targets only after such a take-off.</summary>
    public double TakeoffHeightM { get; init; }

    /// <summary>Largest commanded body rate (rad/s), speed (m/s) or distance (m), by kind of set-point.</summary>
    public double Limit { get; init; } = 3;

    /// <summary>Largest commanded yaw rate beside a velocity, rad/s.</summary>
    public double MaxYawRate { get; init; } = 1;

    /// <summary>Range of the collective thrust.</summary>
    public (double Minimum, double Maximum) Thrust { get; init; } = (0, 1);

    /// <summary>32 bytes that sign the link; null for an unsigned one, which only a wire or this machine may be.</summary>
    public IReadOnlyList<byte>? SigningKey { get; init; }

    /// <summary>The firmware parameters that must hold.</summary>
    public IReadOnlyList<VehicleParameter> Parameters => Autopilot == AutopilotKind.Px4 ? Px4Parameters() : ArduPilotParameters();

    /// <summary>Reads the sections of <paramref name="root"/>; problems go to its document.</summary>
    public static MavlinkDriverOptions Read(ConfigMap root)
    {
        ArgumentNullException.ThrowIfNull(root);
        ConfigMap driver = root.Map("driver");
        driver.String("kind");
        VehicleSetpoint setpoint = driver.OneOf("setpoint", ["rates", "attitude", "velocity", "position"]) switch
        {
            "rates" => VehicleSetpoint.Rates,
            "attitude" => VehicleSetpoint.Attitude,
            "velocity" => VehicleSetpoint.Velocity,
            _ => VehicleSetpoint.Position,
        };
        ConfigMap channels = root.Map("channels");
        var options = new MavlinkDriverOptions
        {
            Endpoint = ReadEndpoint(driver),
            Autopilot = driver.OneOf("autopilot", ["px4", "ardupilot"]) == "px4" ? AutopilotKind.Px4 : AutopilotKind.ArduPilot,
            TargetSystem = (byte)driver.Integer("target_system", 1, 250, 1),
            Setpoint = setpoint,
            // Lower than 0.1 s would trip on a single late tick of a 100 Hz robot; ArduPilot's default is 3 s, more is no protection.
            SetpointTimeoutS = driver.Number("setpoint_timeout_ms", 100, 3000) / 1000,
            LossAction = ReadLossAction(driver),
            StateRateHz = driver.Number("state_rate_hz", 10, 1000, 100),
            TakeoffHeightM = driver.Number("takeoff_height_m", 0, 20, 0),
            SigningKey = ReadKey(driver),
        };
        return options.ReadLimits(channels, setpoint);
    }

    private MavlinkDriverOptions ReadLimits(ConfigMap channels, VehicleSetpoint setpoint) =>
        setpoint switch
        {
            VehicleSetpoint.Rates => this with { Limit = channels.Number("max_body_rate_rad_s", 0.1, 30), Thrust = ReadThrust(channels) },
            VehicleSetpoint.Attitude => this with { Limit = 1, Thrust = ReadThrust(channels) },
            VehicleSetpoint.Velocity => this with
            {
                Limit = channels.Number("max_speed_m_s", 0.1, 30),
                MaxYawRate = channels.Number("max_yaw_rate_rad_s", 0, 10),
            },
            _ => this with { Limit = channels.Number("max_distance_m", 0.1, 1000) },
        };

    private static (double Minimum, double Maximum) ReadThrust(ConfigMap channels)
    {
        double minimum = channels.Number("min_thrust", 0, 0.9, 0);
        return (minimum, channels.Number("max_thrust", minimum, 1, 1));
    }

    private static int ReadLossAction(ConfigMap driver) =>
        driver.OneOf("on_setpoint_loss", ["position", "land", "hold", "terminate", "disarm"], "hold") switch
        {
            "position" => 0,
            "land" => 4,
            "hold" => 5,
            "terminate" => 6,
            _ => 7,
        };

    private static ByteEndpoint ReadEndpoint(ConfigMap driver)
    {
        string text = driver.String("endpoint");
        if (ByteEndpoint.TryParse(text, out ByteEndpoint? endpoint, out string problem))
            return endpoint;
        if (text.Length > 0)
            driver.AddProblem("endpoint", problem);
        return new ByteEndpoint(EndpointKind.Udp, "", 14540);
    }

    private static byte[]? ReadKey(ConfigMap driver)
    {
        if (!driver.Has("signing_key_file"))
            return null;
        string path = Path.Combine(driver.Document.Folder, driver.String("signing_key_file"));
        try
        {
            byte[] key = Convert.FromHexString(File.ReadAllText(path).Trim());
            if (key.Length == 32)
                return key;
            driver.AddProblem("signing_key_file", $"{path} holds {key.Length} bytes; a MAVLink key is 32 bytes written as 64 hexadecimal digits");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            driver.AddProblem("signing_key_file", $"{path} cannot be read as 64 hexadecimal digits: {e.Message}");
        }
        return null;
    }

    private VehicleParameter[] Px4Parameters()
    {
        VehicleParameter[] always = [new("COM_OF_LOSS_T", SetpointTimeoutS), new("COM_OBL_RC_ACT", LossAction, IsInteger: true)];
        return TakeoffHeightM > 0 ? [.. always, new("MIS_TAKEOFF_ALT", TakeoffHeightM)] : always;
    }

    // GUID_OPTIONS bit 3: the thrust field of SET_ATTITUDE_TARGET is thrust; without it ArduPilot reads it as a climb rate.
    private VehicleParameter[] ArduPilotParameters() =>
        Setpoint is VehicleSetpoint.Rates or VehicleSetpoint.Attitude
            ? [new("GUID_TIMEOUT", SetpointTimeoutS), new("GUID_OPTIONS", 8, IsInteger: true, AtLeastBits: true)]
            : [new("GUID_TIMEOUT", SetpointTimeoutS)];
}
